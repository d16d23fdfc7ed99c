"""A run's overlays are the shipped ones, and all that they add carries the run's label."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from acceptance.fixtures.overlays import LABEL, asked_for, at_first, labelled, overlaid
from acceptance.harness.errors import SettingsError

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(path for path in (ROOT / "stack").glob("*.yml") if path.name not in ("docker-compose.yml", "acceptance.yml"))
DATABASE = """
version: "3.9"
services:
  hub: {secrets: [password]}
  database: {image: postgres, deploy: {replicas: 1}}
volumes: {database-state: {}}
secrets: {password: {name: "x_password${PASSWORD_HASH:-}", file: ./secrets/password}}
"""


@pytest.fixture
def tree(tmp_path):
    """A tree with one overlay."""
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "database.yml").write_text(DATABASE)
    return tmp_path


def test_a_way_in_is_laid_over_the_stack_once_it_stands():
    overlays = {"OVERLAYS": "stack/proxy.yml  stack/ldap.yml stack/ldap-search.yml"}
    settings = SimpleNamespace(hub_config="stack", environment=overlays)
    assert at_first(settings) == "stack/proxy.yml"
    assert asked_for(settings) == ["stack/proxy.yml", "stack/ldap.yml", "stack/ldap-search.yml"]


@pytest.mark.parametrize("named", ["", "stack/image-config.yml "])
def test_a_configuration_of_the_image_is_one_overlay_more(named):
    settings = SimpleNamespace(hub_config="image", environment={"OVERLAYS": f"{named}stack/proxy.yml"})
    assert sorted(asked_for(settings)) == ["stack/image-config.yml", "stack/proxy.yml"]


def test_a_run_without_overlays_has_its_label_file_only(tree):
    assert overlaid("", tree, tree) == "stack/acceptance.yml"


def test_an_overlay_is_laid_over_the_reference_and_its_labels_over_it(tree):
    files = overlaid("stack/database.yml", tree, tree).split()
    assert files == ["stack/acceptance.yml", "stack/database.yml", str(tree / "labels-database.yml")]
    added = yaml.safe_load(Path(files[2]).read_text())
    assert added["services"] == {name: {"labels": LABEL, "deploy": {"labels": LABEL}} for name in ("hub", "database")}
    assert added["volumes"] == {"database-state": {"labels": LABEL}}
    assert added["secrets"]["password"] == yaml.safe_load(DATABASE)["secrets"]["password"] | {"labels": LABEL}


def test_an_overlay_that_is_not_there_is_refused(tree):
    with pytest.raises(SettingsError, match=r"OVERLAYS names .*stack/nope\.yml, which cannot be read"):
        overlaid("stack/nope.yml", tree, tree)


@pytest.mark.parametrize("path", OVERLAYS, ids=lambda path: path.name)
def test_a_shipped_overlay_says_the_version_of_the_reference(path):
    reference = yaml.safe_load((ROOT / "stack" / "docker-compose.yml").read_text())
    assert labelled(yaml.safe_load(path.read_text()))["version"] == reference["version"]
