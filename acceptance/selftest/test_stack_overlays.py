"""The overlays of proxy and ports, laid over the reference as `docker stack deploy` lays them."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from acceptance.faults.patch import merged

STACK = Path(__file__).parents[2] / "stack"
FILES = {name: yaml.safe_load((STACK / f"{name}.yml").read_text()) for name in ("docker-compose", "proxy", "ingress")}
REFERENCE = FILES["docker-compose"]["services"]
PROXY = FILES["proxy"]["services"]


def laid_over(name):
    """The services of reference and overlay. Ports are merged by their published number (docker/cli, compose/loader/merge.go)."""
    services = merged(REFERENCE, FILES[name]["services"])
    ports = {port["published"]: port for given in (REFERENCE, FILES[name]["services"])
             for port in given.get("nginx", {}).get("ports", [])}
    services["nginx"]["ports"] = list(ports.values())
    return services


def has_stack_config():
    """Whether the docker client can lay stack files over each other without an engine (from 23.0 on)."""
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "stack", "config", "--help"], capture_output=True).returncode == 0


def test_ingress_publishes_the_same_ports_by_the_mesh_only():
    nginx = laid_over("ingress")["nginx"]
    assert [(port["target"], port["published"], port["mode"]) for port in nginx["ports"]] == [
        (80, "${HTTP_PORT:-80}", "ingress"), (443, "${HTTPS_PORT:-443}", "ingress")]
    assert nginx["deploy"]["endpoint_mode"] == "vip"
    assert set(FILES["ingress"]["services"]) == {"nginx"}


def test_ingress_says_first_that_it_is_untested_and_why():
    first = (STACK / "ingress.yml").read_text().splitlines()[0]
    assert re.search("Untested here, config only: .* no IP_VS", first)


@pytest.mark.skipif(not has_stack_config(), reason="this docker client has no `docker stack config`")
def test_dockers_own_client_lays_the_ports_over_each_other_so():
    command = ["docker", "stack", "config", "-c", STACK / "docker-compose.yml", "-c", STACK / "ingress.yml"]
    nginx = yaml.safe_load(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["services"]["nginx"]
    assert nginx["ports"] == [{"mode": "ingress", "target": port, "published": port, "protocol": "tcp"} for port in (80, 443)]
    assert nginx["deploy"]["endpoint_mode"] == "vip"


@pytest.mark.skipif(not has_stack_config(), reason="this docker client has no `docker stack config`")
def test_dockers_own_client_lays_the_proxy_over_the_reference_so():
    command = ["docker", "stack", "config", "-c", STACK / "docker-compose.yml", "-c", STACK / "proxy.yml"]
    services = yaml.safe_load(subprocess.run(command, capture_output=True, text=True, check=True).stdout)["services"]
    assert services["hub"]["environment"]["HEALTH_PORT"] == "8081"
    assert "127.0.0.1/$HEALTH_PORT " in json.dumps(services["hub"]["healthcheck"]["test"])
    assert {config["source"] for config in services["hub"]["configs"]} == {"hub_config", "hub_proxy"}
    ways = {"HTTPS_PORT": "443", "UPSTREAM": "proxy:8000", "HUB_UPSTREAM": "hub:8081"}
    assert services["nginx"]["environment"].items() >= ways.items()


def test_the_proxy_has_an_image_that_no_hub_image_changes():
    assert PROXY["proxy"]["image"] == "${PROXY_IMAGE:-nbi-jupyter-service/proxy:latest}"
    assert "HUB_IMAGE" not in (STACK / "proxy.yml").read_text()


def test_the_proxys_api_has_its_name_on_the_one_network_without_notebooks():
    assert PROXY["proxy"]["networks"] == {"default": {"aliases": ["proxy-api"]}, "notebooks": {}}
    assert "http://proxy-api:8001" in (STACK.parent / "hub" / "conf.d" / "proxy.py").read_text()
    assert "ports" not in PROXY["proxy"]


def test_the_proxy_is_held_to_what_the_other_services_are():
    proxy, nginx = PROXY["proxy"], REFERENCE["nginx"]
    assert (proxy["read_only"], proxy["cap_drop"], proxy["logging"]) == (True, ["ALL"], nginx["logging"])
    assert [proxy["deploy"][key] for key in ("endpoint_mode", "replicas")] == ["dnsrr", 1]
    assert proxy["deploy"]["update_config"] == nginx["deploy"]["update_config"]
    assert proxy["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert [secret["mode"] for secret in proxy["secrets"]] == [0o400]
    assert "TOKEN" not in json.dumps(proxy["environment"])
