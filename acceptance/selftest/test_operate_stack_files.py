"""Overlays bring networks, configs and secrets of their own, and the operator's commands know them."""

import pytest

from stack.operate import deploy, preflight, secrets, settings, stack_files
from stack.operate.stack_objects import networks_of

OVERLAY = """
version: "3.9"
networks: {inside: {internal: true}}
configs: {extra: {name: "${STACK_NAME}_extra${EXTRA_HASH:-}", file: "EXTRA_FILE"}}
secrets: {ticket: {name: "${STACK_NAME}_ticket${TICKET_HASH:-}", file: "${SECRETS_DIR:-./secrets}/ticket"}}
"""


@pytest.fixture
def given(tmp_path):
    """Settings with an overlay, whose config is there and whose secret is not."""
    (tmp_path / "extra.py").write_text("c.x = 1")
    (tmp_path / "more.yml").write_text(OVERLAY.replace("EXTRA_FILE", str(tmp_path / "extra.py")))
    values = settings.read(settings.STACK_FILE.with_name("stack.env"))
    own = {"OVERLAYS": str(tmp_path / "more.yml"), "SECRETS_DIR": str(tmp_path / "secrets"), "STACK_NAME": "jh"}
    made = settings.Settings({**values, **own})
    secrets.ensure(made, "127.0.0.1")
    return made


def test_the_reference_alone_has_the_files_that_it_ships_with(given):
    alone = settings.Settings({**given.values, "OVERLAYS": ""})
    assert {path.resolve() for path in stack_files.files(alone, "configs").values()} == {
        settings.TREE / "nginx" / "nginx.conf", settings.TREE / "hub" / "jupyterhub_config.py"}
    of_overlays = {"edge_secret", "postgres_password"}
    assert {path.name for path in stack_files.files(alone, "secrets").values()} == {*secrets.MADE} - of_overlays


def test_a_config_and_a_secret_of_an_overlay_are_named_by_their_contents(given, tmp_path):
    (given.secrets_dir / "ticket").write_text("t")
    before = deploy.contents(given)
    (tmp_path / "extra.py").write_text("c.x = 2")
    after = deploy.contents(given)
    assert {name for name in after if after[name] != before[name]} == {"EXTRA_HASH"}
    assert before["TICKET_HASH"].startswith("-")


def test_a_secret_that_only_the_operator_knows_is_asked_for(given):
    (complaint,) = preflight.secrets(given)
    assert complaint.startswith(f"The secret {given.secrets_dir}/ticket does not exist")


def test_a_secret_of_an_overlay_is_nobody_else_s_to_read(given):
    (given.secrets_dir / "ticket").write_text("t")
    (given.secrets_dir / "ticket").chmod(0o644)
    assert "can be read by others" in " ".join(preflight.secrets(given))


def test_the_networks_of_an_overlay_are_the_stack_s_own(given):
    assert networks_of(given) == {"jh_default", "jh_inside", given["NOTEBOOK_NETWORK"]}


@pytest.mark.parametrize(("text", "words"), [(None, "No such file"), ("a: [", "is not YAML")])
def test_a_stack_file_that_cannot_be_read_is_a_complaint(given, tmp_path, text, words):
    (tmp_path / "more.yml").unlink()
    if text:
        (tmp_path / "more.yml").write_text(text)
    (complaint,) = stack_files.complaints(given)
    assert words in complaint
