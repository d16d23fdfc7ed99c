# `make help` lists the targets. Every setting of the stack is in stack/stack.env; NAME=value on the command line wins.
PYTHON ?= $(CURDIR)/.venv/bin/python
ENGINE ?= auto
# Our own environment is made when it is missing; one that the caller names (PYTHON=…) is taken as it is.
READY  := $(if $(filter file,$(origin PYTHON)),.venv/installed)
export ENGINE_VERSION

# The engine that the docker client reaches, else (ENGINE=auto) the private one of this checkout, kept between commands.
ON_ENGINE   = set -e; reached="$$($(PYTHON) -m acceptance.sandbox env --engine $(ENGINE))"; eval "$$reached";
STARTED     = set -e; reached="$$($(PYTHON) -m acceptance.sandbox env --engine $(ENGINE) --start)"; eval "$$reached";
# Each option of the harness is the make variable of its name.
OPTIONS     = $(foreach name,profile engine engine-version hub-image previous-hub-image hub-config notebook-image nginx-image \
              users keep http-port https-port target accounts ca-file disruptive waivers \
              faults source reports,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))
option      = $(if $($(2)),--$(1)='$($(2))')

# For `make test`: quick ones of every kind, and two changes that nobody may complain of.
DOZEN = redirect-fixed-host websocket-no-upgrade version-shown xsrf-off any-password metrics-open names-too-long \
        options-as-they-come notebook-as-root one-network benign-other-ports benign-other-limits

.DEFAULT_GOAL := help
.PHONY: help setup acceptance test probe deploy remove env status doctor logs open user images \
        secrets docker-tls-certs backup restore fault faults matrix rows hub-images flakes rejudge nightly lock picture clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/; s/[$$]{2}/$$/' | expand -t 18

setup: $(READY) ## the Python environment and what the system lacks, and nothing else

acceptance: $(READY) ## judge the stack on a real swarm: PROFILE=smoke|core|full, ENGINE=auto|current|sandbox, …
	@$(PYTHON) -m pytest acceptance $(OPTIONS) $(ARGS)

test: $(READY) ## the gate: lint, selftests, sandbox, profile core, README's commands, a dozen faults; needs root
	@$(PYTHON) -m tox run -q -e lint,selftest && $(PYTHON) -m acceptance.sandbox.proof
	@$(PYTHON) -m pytest acceptance --profile=core $(ARGS) && $(PYTHON) -m acceptance.readme
	@$(PYTHON) -m acceptance.faults $(DOZEN)

# Nothing but the probe's own line may reach stdout, not even the making of the environment.
probe: ## TARGET=https://… ACCOUNTS=…: one user's journey through a service that runs, as one line of JSON for monitoring
	@$(if $(READY),$(MAKE) --silent $(READY) >&2 &&) $(PYTHON) -m acceptance.probe $(foreach name,target accounts ca-file \
	  within,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))

deploy: $(READY) ## deploy the stack, on a private engine that is kept where none answers
	@$(STARTED) $(PYTHON) -m stack.operate.deploy

remove: $(READY) ## take the stack away; users' volumes stay unless VOLUMES=1
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.remove $(if $(filter-out 0,$(VOLUMES)),--volumes)

env: $(READY) ## eval "$$(make -s env)": the docker client then talks to the engine of `make deploy`
	@$(PYTHON) -m acceptance.sandbox env --engine $(ENGINE)

status: $(READY) ## what runs, what does not, and why; WAIT=1: first wait until all runs
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.status $(if $(WAIT),--wait)

doctor: $(READY) ## what goes wrong slowly: addresses, certificates, clocks, disk, orphans, …, each with the next step
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.doctor

logs: $(READY) ## the last lines of nginx, hub and notebooks
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.logs

open: $(READY) ## URL, certificate and a first login
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.open

user: $(READY) ## NAME=alice: add a user, or give one a new password; then `make deploy`
	@$(PYTHON) -m stack.operate.users '$(NAME)'

images: $(READY) ## build the images that the stack files use
	@$(STARTED) $(PYTHON) -m stack.operate.images

secrets: $(READY) ## make the secrets that are missing, in stack/secrets
	@$(STARTED) $(PYTHON) -m stack.operate.secrets

backup: $(READY) ## database, secrets and users' volumes into a folder of BACKUP_DIR; VOLUMES=0: without those
	@$(ON_ENGINE) $(PYTHON) -m stack.operate.backup $(if $(filter 0,$(VOLUMES)),--without-volumes)

restore: $(READY) ## FROM=…: as that backup has it, where no stack is; OVER=1: over what is there; then `make deploy`
	@$(STARTED) $(PYTHON) -m stack.operate.restore '$(FROM)' $(if $(filter 0,$(VOLUMES)),--without-volumes) $(if $(OVER),--over)

docker-tls-certs: $(READY) ## certificates for stack/docker-tls.yml, DOCKER_TLS_HOST=tcp://manager:2376, and what dockerd needs
	@$(PYTHON) -m stack.operate.docker_tls $(if $(NAMES),--names '$(NAMES)')

fault: $(READY) ## ID=redirect-fixed-host: break the stack on purpose, and see the check that must notice
	@$(PYTHON) -m acceptance.faults $(ID) --engine=$(ENGINE)

faults: $(READY) ## prove the checks: every fault, or those of the folder FAULTS=DIR; FULL=1: ask every check; goes on where it ended
	@$(PYTHON) -m acceptance.faults --all --engine=$(ENGINE) $(if $(FAULTS),--faults='$(FAULTS)') $(if $(filter-out 0,$(FULL)),--full)

matrix: $(READY) ## docs/matrix.json and its picture from what `make faults` has found
	@$(PYTHON) -m acceptance.faults.published

rows: $(READY) ## judge each way to deploy that is offered, and print the table; ROWS="id …"; what was kept is not judged again
	@$(PYTHON) -m acceptance.rows $(ROWS) --engine=$(ENGINE)

hub-images: $(READY) ## judge hub images of many kinds, and whether each is told what it is worth: IMAGES="id …"
	@$(PYTHON) -m acceptance.hub_images $(IMAGES) --engine=$(ENGINE)

flakes: $(READY) ## judge the stack N=20 times, FRESH=3 of them without an image, and count what fails though nothing is broken
	@$(PYTHON) -m acceptance.flakes --engine=$(ENGINE) $(call option,runs,N) $(foreach name,fresh profile engine-version \
	  hub-image notebook-image nginx-image users reports,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))

rejudge: $(READY) ## RUN=…: judge a stored report again, by the rules and the WAIVERS=… of today; asks no stack
	@$(PYTHON) -m acceptance.rejudge '$(RUN)' $(foreach name,waivers reports,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))

nightly: $(READY) ## judge the stack on the swarm of the Docker context CONTEXT=…, with images from REGISTRY=…; adds to the history
	@$(PYTHON) -m acceptance.nightly --context='$(CONTEXT)' $(foreach name,profile hub-image previous-hub-image hub-config \
	  notebook-image nginx-image users http-port https-port waivers source reports,$(call option,$(name),$(shell echo $(name) | tr a-z- A-Z_)))

lock: $(READY) ## acceptance/checks.lock from the checks, after a change of them
	@$(PYTHON) -m acceptance.checks_lock

picture: ## docs/architecture.svg from its text; needs graphviz
	@dot -Tsvg -o docs/architecture.svg docs/architecture.dot
	@echo "<!-- sha256 of architecture.dot: $$(sha256sum < docs/architecture.dot | cut -c 1-64) -->" >> docs/architecture.svg

clean: $(READY) ## end everything of ours here: killed runs, sandboxes and what is deployed on them, .venv; images stay
	@$(PYTHON) -m acceptance.clean
	rm -rf .venv .tox reports

.venv/installed: acceptance/requirements.txt acceptance/constraints.txt acceptance/selftest/requirements.txt hub/constraints.txt
	python3 -m acceptance.sandbox.packages
	python3 -m venv .venv && .venv/bin/pip install -q -r acceptance/selftest/requirements.txt
	touch $@
