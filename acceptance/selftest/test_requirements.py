"""Each package is pinned in one place, and nothing that is installed is left for pip to choose."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import hatch_build

ROOT = Path(__file__).parents[2]
WANTED = ("acceptance/requirements.txt", "acceptance/selftest/requirements.txt")
PINS = {path: {canonicalize_name(each.name): str(each.specifier) for each in hatch_build.listed(ROOT / path) if each.specifier}
        for path in (*WANTED, *hatch_build.PINS)}
OLDEST = "3.11.2"   # the Python of Debian 12; README says 3.11 or newer
PINNED = {name: pin.removeprefix("==") for pins in PINS.values() for name, pin in pins.items()}
REQUIRED = [each for path in WANTED for each in hatch_build.listed(ROOT / path)]


def brought(requirement):
    """What an installed package asks for here, with the extras that are asked of it."""
    extras = ["", *requirement.extras]
    every = map(Requirement, distribution(requirement.name).requires or ())
    return [each for each in every if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras)]


def installed(requirements):
    """The version of everything that these bring along, themselves included, by its name."""
    found, todo = {}, [*requirements]
    while todo:
        requirement = todo.pop()
        key = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if key not in found:
            found[key] = distribution(requirement.name).version
            todo += brought(requirement)
    return {name: version for (name, _), version in found.items()}


def test_no_package_is_pinned_in_two_places():
    places = {name: [path for path, pins in PINS.items() if name in pins] for name in PINNED}
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


@pytest.mark.parametrize("path", PINS)
def test_a_pin_is_one_version(path):
    assert {name: pin for name, pin in PINS[path].items() if not re.fullmatch(r"==[^*,]+", pin)} == {}


def test_whatever_is_installed_is_pinned_and_is_that_version():
    found = installed(REQUIRED)
    assert len(found) > len(REQUIRED)
    assert {name: version for name, version in found.items() if PINNED.get(name) != version} == {}


def test_whatever_is_installed_may_be_on_the_oldest_python():
    """Else pip, which may not take the one pinned version, tries others until nobody waits any more."""
    wanted = {name: distribution(name).metadata.get("Requires-Python") or "" for name in installed(REQUIRED)}
    assert {name: asked for name, asked in wanted.items() if OLDEST not in SpecifierSet(asked)} == {}


def test_nothing_is_pinned_here_that_nobody_asks_for():
    """Not so the images' list, which has what they alone install."""
    assert PINS["acceptance/constraints.txt"].keys() - installed(REQUIRED).keys() - {"colorama"} == set()


def test_the_package_is_built_by_what_its_selftest_is_built_by():
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    assert build == [f"hatchling=={PINNED['hatchling']}"]


def test_the_package_asks_for_each_requirement_of_a_run_in_its_one_version():
    wanted = {canonicalize_name(each.name) for each in hatch_build.listed(ROOT / WANTED[0])}
    assert set(hatch_build.dependencies(ROOT)) == {f"{each.name}=={PINNED[canonicalize_name(each.name)]}" for each in
                                                   hatch_build.listed(ROOT / WANTED[0])}
    assert not wanted & {"ruff", "tox", "jupyterhub", "hatchling"}


def test_a_requirement_without_a_version_is_no_package(tmp_path):
    for path in (hatch_build.WANTED, *hatch_build.PINS):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("-c elsewhere.txt\nRequests  # why\n" if path == hatch_build.WANTED else "docker==7.2.0\n")
    with pytest.raises(ValueError, match="Requests: no version in"):
        hatch_build.dependencies(tmp_path)
