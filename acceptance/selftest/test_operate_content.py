"""Names follow contents: a changed file gives its own image, config or secret a new name, and no other."""

import re
import shutil

import pytest

from acceptance.selftest.operate_engine import Docker
from stack.operate import builder, deploy, images, secrets, stack_files
from stack.operate import settings as operate


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A copy of what images and configs are made from."""
    for folder in ("hub", "nginx", "stack/postgres"):       # the stack files name their files from stack/
        shutil.copytree(operate.TREE / folder, tmp_path / folder)
    for module in (images, stack_files):
        monkeypatch.setattr(module, "TREE", tmp_path)
    return tmp_path


@pytest.fixture
def given(tmp_path):
    """Settings with the overlay that has an image of its own; their secrets are made."""
    values = operate.read(operate.STACK_FILE.with_name("stack.env"))
    made = operate.Settings({**values, "SECRETS_DIR": str(tmp_path / "secrets"), "OVERLAYS": "stack/postgres.yml"})
    secrets.ensure(made, "127.0.0.1")
    return made


def tags(base="sha256:base"):
    """Each image's name now."""
    return {name: recipe.tag(base) for name, recipe in images.RECIPES.items()}


@pytest.mark.parametrize(("file", "changed"), [
    ("nginx/entrypoint.sh", {"nginx"}),
    ("nginx/Dockerfile", {"nginx"}),
    ("nginx/nginx.conf", set()),                    # a config of the stack
    ("hub/swarm_spawner.py", {"hub"}),
    ("hub/jupyterhub_config.py", set()),            # a config of the stack
    ("hub/conf.d/ldap.py", set()),                  # a config of an overlay
    ("hub/templates/not_running.html", {"hub"}),
    ("hub/requirements.txt", {"hub"}),
    ("hub/singleuser/busy_activity.py", {"singleuser"}),
    ("hub/singleuser-requirements.txt", {"singleuser"}),
    ("hub/conf.d/postgres.py", set()),              # a config of an overlay
    ("stack/postgres/pg_hba.conf", {"postgres"}),
    ("hub/constraints.txt", {"hub", "singleuser"}),  # their versions cannot drift
])
def test_a_changed_file_renames_its_own_image_only(tree, file, changed):
    before = tags()
    (tree / file).write_text((tree / file).read_text() + "\n")
    assert {name for name, tag in tags().items() if tag != before[name]} == changed


def test_a_file_that_may_be_executed_now_is_a_changed_file(tree):
    before = tags()
    (tree / "nginx" / "entrypoint.sh").chmod(0o755)
    assert tags()["nginx"] != before["nginx"]


def test_compiled_files_change_nothing(tree):
    before = tags()
    (tree / "hub" / "singleuser" / "__pycache__").mkdir(exist_ok=True)
    (tree / "hub" / "singleuser" / "__pycache__" / "busy_activity.pyc").write_bytes(b"x")
    assert tags() == before


def test_another_base_image_renames_all():
    assert not set(tags("sha256:base").values()) & set(tags("sha256:other").values())


def test_two_targets_of_one_dockerfile_have_names_of_their_own():
    assert len(set(tags().values())) == len(images.RECIPES)
    assert all(re.fullmatch(r"nbi-jupyter-service/[a-z]+:[0-9a-f]{12}", tag) for tag in tags().values())


def test_the_ca_bundle_reaches_the_build_and_changes_no_name(tree, tmp_path):
    before = tags()
    (tmp_path / "ca.pem").write_bytes(b"COMPANY CA")
    hub = builder.Build(tree / "hub", "x:1", {})
    assert b"COMPANY CA" in builder.context(hub, tmp_path / "ca.pem").getvalue()
    assert b"COMPANY CA" not in builder.context(hub, None).getvalue()
    assert tags() == before


def test_an_image_that_no_stack_file_asks_for_is_not_built(given):
    mine = operate.Settings({**given.values, **{name: f"mine/{name.lower()}:1" for name in operate.IMAGES}})
    assert "PROXY_IMAGE" not in images.built(Docker(images=[f"mine/{name.lower()}:1" for name in operate.IMAGES]), mine)


def test_a_change_of_the_hub_is_another_hub_image_and_the_same_proxy_image():
    assert not {path.name for path in images.RECIPES["hub"].files} & {"start_proxy.py"}
    assert {path.name for path in images.RECIPES["proxy"].files} == {"Dockerfile", "start_proxy.py"}


def test_an_image_that_the_operator_named_is_taken_as_it_is(given):
    named = {name: f"mine/{name.lower()}:1" for name in operate.IMAGES}
    mine = operate.Settings({**given.values, "OVERLAYS": "stack/proxy.yml stack/postgres.yml", **named})
    client = Docker(images=[f"mine/{name.lower()}:1" for name in operate.IMAGES])
    assert images.built(client, mine) == {name: f"mine/{name.lower()}:1" for name in operate.IMAGES}


def test_make_images_prints_the_name_that_stands_for_each_setting(given, monkeypatch, capsys):
    mine = operate.Settings({**given.values, "OVERLAYS": "", **dict.fromkeys(operate.IMAGES, "mine:1")})
    monkeypatch.setattr(images.engine, "connect", lambda: Docker(images=["mine:1"]))
    monkeypatch.setattr(images, "load", lambda: mine)
    assert images.main() == 0
    assert capsys.readouterr().out.split() == ["NGINX_IMAGE=mine:1", "HUB_IMAGE=mine:1", "NOTEBOOK_IMAGE=mine:1"]


def test_an_image_of_an_overlay_is_not_built_without_it(given):
    named = operate.Settings({**given.values, "OVERLAYS": "", **dict.fromkeys(operate.IMAGES, "mine:1")})
    assert images.built(Docker(images=["mine:1"]), named).keys() == {"NGINX_IMAGE", "HUB_IMAGE", "NOTEBOOK_IMAGE"}


def test_what_no_build_can_mend_is_said_before_the_first_one_begins(given):
    wrong = operate.Settings({**given.values, "HUB_IMAGE": "nope:1", "EXTRA_CA": "/no/ca.pem"})
    with pytest.raises(operate.Refused, match=r"(?s)EXTRA_CA=/no/ca\.pem.*HUB_IMAGE=nope:1"):
        images.built(Docker(), wrong)


def test_an_image_that_is_here_is_named_by_its_id_and_another_as_it_was():
    client = Docker(images=("mine:1",))
    assert (deploy.id_of(client, "mine:1"), deploy.id_of(client, "theirs:1")) == ("sha256:mine:1", "theirs:1")


@pytest.mark.parametrize("name", sorted({*secrets.MADE} - {"edge_secret"}))      # which is an overlay's
def test_a_changed_secret_gets_a_new_name_and_no_other_does(given, name):
    before = deploy.contents(given)
    (given.secrets_dir / name).write_bytes(b"another")
    after = deploy.contents(given)
    assert {key for key in after if after[key] != before[key]} == {f"{name.upper()}_HASH"}
    assert re.fullmatch("-[0-9a-f]{12}", after[f"{name.upper()}_HASH"])


@pytest.mark.parametrize(("file", "variable"), [
    ("nginx/nginx.conf", "NGINX_CONF_HASH"), ("hub/jupyterhub_config.py", "HUB_CONFIG_HASH")])
def test_a_changed_config_gets_a_new_name_and_no_other_does(tree, given, file, variable):
    before = deploy.contents(given)
    (tree / file).write_text("another")
    assert {key for key, value in deploy.contents(given).items() if value != before[key]} == {variable}


def test_the_operators_own_certificate_is_the_one_that_is_hashed(given, tmp_path):
    (tmp_path / "mine.pem").write_text("mine")
    mine = operate.Settings({**given.values, "TLS_CERT": str(tmp_path / "mine.pem"), "TLS_KEY": str(tmp_path / "mine.pem")})
    assert mine.exported()["TLS_CERT"] == str(tmp_path / "mine.pem")
    assert deploy.contents(mine)["TLS_CERT_HASH"] != deploy.contents(given)["TLS_CERT_HASH"]
