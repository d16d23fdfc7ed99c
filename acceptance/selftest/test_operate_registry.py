"""Images for several nodes: pushed to the operator's registry, named by their digest, pulled with the operator's login."""

import json

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import builder, deploy, images, preflight
from stack.operate import settings as operate

TAG = "nbi-jupyter-service/hub:0123456789ab"
DIGEST = f"sha256:{'d' * 64}"
TOLD = [{"status": "Preparing"}, {"status": "0123456789ab: digest"}, {"aux": {"Tag": "0123456789ab", "Digest": DIGEST}}]


class Registry:
    """An engine's images, and what its registry answers to a push."""

    def __init__(self, *events):
        self.events, self.tagged, self.sent = events, [], []

    def get(self, name):
        """The image, which can be given one more name."""
        self.name = name
        return self

    def tag(self, repository, tag):
        """One more name."""
        self.tagged.append((self.name, f"{repository}:{tag}"))

    def push(self, repository, tag, stream, decode):
        """As the SDK tells it, event by event."""
        self.sent.append(f"{repository}:{tag}")
        return iter(self.events)


@pytest.fixture
def given():
    """Settings with a registry."""
    return operate.Settings({**operate.read(operate.TREE / "stack" / "stack.env"), "REGISTRY": "reg.example:5000"})


def client_with(*events):
    """An engine whose registry tells these events."""
    client = Docker()
    client.images = Registry(*events)
    return client


def test_a_pushed_image_is_named_by_its_digest_there():
    client = client_with(*TOLD)
    assert builder.pushed(client, TAG, "reg.example:5000/nbi") == f"reg.example:5000/nbi/nbi-jupyter-service/hub@{DIGEST}"
    assert client.images.tagged == [(TAG, f"reg.example:5000/nbi/{TAG}")]
    assert client.images.sent == [f"reg.example:5000/nbi/{TAG}"]


def test_a_registry_that_refuses_is_told_in_its_words():
    refused = client_with({"status": "Preparing"}, {"error": "no basic auth credentials", "errorDetail": {}})
    with pytest.raises(builder.BuildFailed, match=r"hub:0123456789ab failed: no basic auth credentials\. Does the engine reach"):
        builder.pushed(refused, TAG, "reg.example:5000")


@pytest.mark.parametrize(("registry", "names"), [("reg.example:5000", {"by digest"}), ("", {"by tag"})])
def test_ours_go_to_the_registry_and_the_operators_own_do_not(given, monkeypatch, registry, names):
    mine = operate.Settings({**given.values, "REGISTRY": registry, "NGINX_IMAGE": "mine:1", "EXTRA_CA": ""})
    monkeypatch.setattr(images.base_image, "find", lambda client, wanted: "base")
    monkeypatch.setattr(images, "ensure", lambda *_: "by tag")
    monkeypatch.setattr(images, "pushed", lambda client, tag, where: "by digest")
    found = images.built(Docker(images=["mine:1"]), mine)
    assert (found.pop("NGINX_IMAGE"), set(found.values()), len(found)) == ("mine:1", names, 2)


@pytest.mark.parametrize("registry", ["", "192.0.2.1:5000", "registry:5000", "reg.example.org", "reg.example.org:443/a/b"])
def test_a_registry_is_taken_as_docker_takes_it(given, registry):
    assert preflight.images(Docker(), operate.Settings({**given.values, "REGISTRY": registry})) == []


@pytest.mark.parametrize("registry", ["https://registry.example.org", "nbi", "registry.example.org/", "registry:port", "a b.c"])
def test_what_names_no_registry_is_refused_before_anything_is_built(given, registry):
    wrong = operate.Settings({**given.values, "REGISTRY": registry})
    with pytest.raises(operate.Refused, match=r"^REGISTRY=.* names no registry: write host:port"):
        images.built(Docker(), wrong)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({}, []),
        ({"auths": {"reg.example:5000": {"auth": "dTpw"}}}, ["--with-registry-auth"]),
        ({"credsStore": "pass"}, ["--with-registry-auth"]),
        ({"currentContext": "swarm"}, []),
    ],
)
def test_a_login_goes_to_the_nodes_where_there_is_one(monkeypatch, tmp_path, config, words):
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert deploy.login() == words
