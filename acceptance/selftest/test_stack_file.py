"""The stack file keeps what an operator is promised, stack.env says all of it, and acceptance adds labels and no more."""

import re
from pathlib import Path

import pytest
import yaml

from stack.operate import settings as operate

ROOT = Path(__file__).parents[2]
TEXT = re.sub(r"(?m)(^|\s)#.*$", "", (ROOT / "stack" / "docker-compose.yml").read_text())
REFERENCE = yaml.safe_load(TEXT)
ADDED = yaml.safe_load((ROOT / "stack" / "acceptance.yml").read_text())
OVERLAYS = sorted((ROOT / "stack").glob("*.yml"))
ENV_LINES = (ROOT / "stack" / "stack.env").read_text().splitlines()
DEFAULTS = operate.read(ROOT / "stack" / "stack.env")
# In the stack file under a name that `make deploy` computes, or with a default that only the file can say.
COMPUTED = re.compile(r"[A-Z_]+_HASH")
EMPTY_MEANS_OURS = {"NGINX_IMAGE", "HUB_IMAGE", "NOTEBOOK_IMAGE", "PROXY_IMAGE", "POSTGRES_IMAGE", "SECRETS_DIR", "TLS_CERT",
                    "TLS_KEY", "LDAP_CA", "PROFILES_FILE"}
RUN = {"nbi.run": "${NBI_RUN:?the id of the run}"}

services = pytest.mark.parametrize("name", ["nginx", "hub"])
settings = pytest.mark.parametrize("name", DEFAULTS)


def variables():
    """Each ${NAME:-default} of the stack file and its overlays: name -> its defaults."""
    found = {}
    text = re.sub(r"(?m)(^|\s)#.*$", "", "\n".join(path.read_text() for path in OVERLAYS))
    for name, default in re.findall(r"\$\{([A-Z_]+):-((?:[^{}]|\{[^}]*\})*)\}", text):
        found.setdefault(name, set()).add(default)
    return found


def comment_of(name):
    """The block of comment lines above a setting, over settings that share it."""
    at = next(number for number, line in enumerate(ENV_LINES) if line.startswith(f"{name}="))
    above = ENV_LINES[:at]
    while above and re.match(r"[A-Z]", above[-1]):
        above.pop()
    return [above.pop() for _ in range(len(above)) if above[-1].startswith("#")][::-1]


@pytest.mark.parametrize("name", sorted(variables()))
def test_a_default_of_the_stack_file_is_the_one_of_stack_env(name):
    if COMPUTED.fullmatch(name):
        assert variables()[name] == {""}
    elif name in EMPTY_MEANS_OURS:
        assert DEFAULTS[name] == ""
    else:
        assert variables()[name] == {DEFAULTS[name]}


def test_every_variable_of_the_stack_file_has_a_default():
    assert re.findall(r"\$\{[A-Z_]+(?!:-)[^A-Z_]", TEXT) == []
    assert re.findall(r"(?<!\$)\$[A-Z]", TEXT) == []


@settings
def test_a_setting_stands_once_and_is_explained(name):
    assert sum(line.startswith(f"{name}=") for line in ENV_LINES) == 1
    assert comment_of(name)


@pytest.mark.parametrize("name", sorted(name for name, value in DEFAULTS.items() if not value))
def test_an_empty_setting_says_what_empty_means(name):
    words = " ".join(comment_of(name))
    assert "empty" in words or name in {"OVERLAYS", "ADMIN_USERS"}    # empty lists need no word


@settings
def test_a_setting_has_an_effect(name):
    readers = [path.read_text() for path in (*OVERLAYS, *(ROOT / "stack" / "operate").glob("*.py"))]
    assert any(re.search(rf"\b{name}\b", text) for text in readers)


@services
def test_a_service_is_watched_and_limited(name):
    service = REFERENCE["services"][name]
    assert {"test", "interval", "timeout", "retries"} <= service["healthcheck"].keys()
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}}


@services
def test_a_failed_update_goes_back_and_two_tasks_never_meet(name):
    deploy = REFERENCE["services"][name]["deploy"]
    assert deploy["update_config"]["failure_action"] == "rollback"
    assert {deploy["update_config"]["order"], deploy["rollback_config"]["order"]} == {"stop-first"}
    assert (deploy["replicas"], deploy["endpoint_mode"]) == (1, "dnsrr")


@services
def test_a_service_may_do_no_more_than_it_must(name):
    service = REFERENCE["services"][name]
    assert (service["cap_drop"], service["read_only"]) == (["ALL"], True)
    assert set(service.get("cap_add", [])) <= {"SETUID", "SETGID"}
    assert {secret["mode"] for secret in service["secrets"]} == {0o400}


def test_users_are_met_at_two_ports_of_the_node_itself():
    ports = REFERENCE["services"]["nginx"]["ports"]
    assert [(port["target"], port["mode"]) for port in ports] == [(80, "host"), (443, "host")]
    assert "ports" not in REFERENCE["services"]["hub"]


def test_notebooks_have_a_network_that_nginx_is_not_on():
    assert REFERENCE["services"]["nginx"]["networks"] == ["default"]
    assert REFERENCE["services"]["hub"]["networks"] == ["default", "notebooks"]
    assert REFERENCE["networks"]["notebooks"]["ipam"]["config"] == [{"subnet": "${NOTEBOOK_SUBNET:-10.96.0.0/20}"}]


def test_no_password_has_a_default():
    secret = re.compile(r"(?i)password|passwd|token|secret|key")
    for service in REFERENCE["services"].values():
        assert [name for name in service["environment"] if secret.search(name)] == []
    assert [name for name, value in DEFAULTS.items() if secret.search(name) and value] == []


def test_every_secret_and_config_is_a_file_whose_content_can_change_its_name():
    for kind in ("configs", "secrets"):
        for name, given in REFERENCE[kind].items():
            assert given["name"] == f"${{STACK_NAME:-nbi-jupyter-service}}_{name}${{{name.upper()}_HASH:-}}"
            assert given.keys() == {"name", "file"}


def test_acceptance_adds_labels_and_nothing_else_to_services():
    for name, service in ADDED["services"].items():
        label = {"environment": {"NBI_LABELS": '{"nbi.run": "${NBI_RUN}"}'}} if name == "hub" else {}
        assert service == {"labels": RUN, "deploy": {"labels": RUN}, **label}


@pytest.mark.parametrize("part", ["networks", "volumes", "configs", "secrets"])
def test_acceptance_says_the_rest_of_the_reference_again_with_a_label(part):
    assert ADDED[part] == {name: {**given, "labels": RUN} for name, given in REFERENCE[part].items()}


def test_acceptance_has_no_part_of_its_own():
    assert ADDED.keys() == {"version", "services", "networks", "volumes", "configs", "secrets"}
    assert ADDED["version"] == REFERENCE["version"]


@pytest.mark.parametrize("path", [path for path in OVERLAYS if path.name not in ("docker-compose.yml", "acceptance.yml")],
                         ids=lambda path: path.stem)
def test_an_overlay_says_how_it_is_used_and_names_what_it_brings_by_content(path):
    text = path.read_text()
    overlay = yaml.safe_load(text)
    assert text.startswith("# ") and "OVERLAYS=" in text.partition("version:")[0]
    assert overlay["version"] == REFERENCE["version"]
    for kind in ("configs", "secrets"):
        for name, given in overlay.get(kind, {}).items():
            assert given["name"] == f"${{STACK_NAME:-nbi-jupyter-service}}_{name}${{{name.upper()}_HASH:-}}"
    used = [secret for service in overlay["services"].values() for secret in service.get("secrets", [])]
    assert {secret["mode"] for secret in used} <= {0o400}
