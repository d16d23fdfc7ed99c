# `make help` lists the targets. Every setting of the stack is in stack/stack.env; NAME=value on the command line wins.
PYTHON ?= $(CURDIR)/.venv/bin/python
ENGINE ?= auto
export ENGINE_VERSION

# The engine that the docker client reaches, else (ENGINE=auto) the private one of this checkout, kept between commands.
ON_ENGINE   = set -e; reached="$$($(PYTHON) -m acceptance.sandbox env --engine $(ENGINE))"; eval "$$reached";
STARTED     = set -e; reached="$$($(PYTHON) -m acceptance.sandbox env --engine $(ENGINE) --start)"; eval "$$reached";
# Each option of the harness is the make variable of its name.
OPTIONS     = $(foreach name,profile engine engine-version hub-image notebook-image nginx-image users keep http-port \
              https-port target accounts faults,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))
option      = $(if $($(2)),--$(1)='$($(2))')

.DEFAULT_GOAL := help
.PHONY: help setup acceptance test deploy remove env status logs open user images secrets fault clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/installed ## the Python environment and what the system lacks, and nothing else

acceptance: .venv/installed ## judge the stack on a real swarm: PROFILE=smoke|core|full, ENGINE=auto|current|sandbox, …
	@$(PYTHON) -m pytest acceptance $(OPTIONS) $(ARGS)

test: .venv/installed ## lint, selftests, acceptance core, three faults
	@$(PYTHON) -m tox run -q -e lint,selftest
	@$(PYTHON) -m pytest acceptance --profile=core $(ARGS)
	@$(PYTHON) -m acceptance.faults $(THREE_FAULTS)

deploy: $(if $(findstring .venv,$(PYTHON)),.venv/installed) ## deploy the stack, on a private engine that is kept where none answers
	@$(STARTED) $(PYTHON) -m stack.operate.deploy

remove: ## take the stack away; users' volumes stay unless VOLUMES=1
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.remove $(if $(VOLUMES),--volumes)

env: ## eval "$$(make -s env)": the docker client then talks to the engine of `make deploy`
	@$(PYTHON) -m acceptance.sandbox env --engine $(ENGINE)

status: ## what runs, what does not, and why
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.status

logs: ## the last lines of nginx, hub and notebooks
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.logs

open: ## URL, certificate and a first login
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.open

user: ## NAME=alice: add a user, or give one a new password; then `make deploy`
	@$(PYTHON) -m stack.operate.users '$(NAME)'

images: .venv/installed ## build the three images
	@$(STARTED) $(PYTHON) -m stack.operate.images

secrets: .venv/installed ## make the secrets that are missing, in stack/secrets
	@$(STARTED) $(PYTHON) -m stack.operate.secrets

fault: .venv/installed ## ID=edge-redirect: break the stack on purpose, and see the check that must notice
	@$(PYTHON) -m acceptance.faults $(ID)

clean: ## end everything of ours on this machine: stacks, sandboxes, environments; image stores stay
	@$(PYTHON) -m acceptance.sandbox down --all
	rm -rf .venv .tox reports

.venv/installed: acceptance/requirements.txt hub/constraints.txt
	python3 -m acceptance.sandbox.packages
	python3 -m venv .venv && .venv/bin/pip install -q -r acceptance/requirements.txt
	touch $@
