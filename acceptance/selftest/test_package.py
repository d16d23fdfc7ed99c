"""The package is the tree, nothing more and nothing less, and its command works in a folder that has nothing of it."""

import json
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import hatch_build
from acceptance.command import COMMANDS
from acceptance.harness.report.check import read_lock

ROOT = Path(__file__).parents[2]
FOLDER = "nbi_jupyter_service"
SHIPPED = ("Makefile", "tox.ini", "conftest.py", "acceptance/", "stack/", "hub/", "nginx/", "docs/matrix.json")
# What lies in the tree of somebody who works in it, and is nobody else's to have.
PRIVATE = ("stack/secrets/users", "reports/latest/results.json", "hub/__pycache__/names.cpython-311.pyc")
CALL = f"import sys; from {FOLDER}.acceptance.command import main; sys.exit(main())"


def tracked():
    """Every file that is the tree's, as git sees it."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [name for name in listed if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, as pip builds it from a tree without git in which somebody has deployed."""
    tree, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for name in tracked():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    for name in PRIVATE:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("private")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built]
    subprocess.run(build, cwd=tree, capture_output=True, check=True)
    return zipfile.ZipFile(next(built.glob("*.whl")))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """A folder in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("site")
    wheel.extractall(folder)
    return folder


@pytest.fixture
def typed(site, tmp_path):
    """Types the command, in a folder that has a package `acceptance` of its own; returns the exit code and the lines said."""
    (tmp_path / "acceptance").mkdir()
    (tmp_path / "acceptance" / "__init__.py").write_text("raise ImportError('not ours')")
    packages = [path for path in sys.path if "-packages" in path]  # of this environment, and not this checkout
    variables = {"PYTHONPATH": ":".join([str(site), *packages]), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin",
                 "PYTEST_ADDOPTS": "-p no:hypothesispytest", "DOCKER_HOST": f"unix://{tmp_path}/nobody"}

    def call(*words):
        done = subprocess.run([sys.executable, "-P", "-c", CALL, *words], cwd=tmp_path, env=variables, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout.splitlines()

    return call


def files_of(folder):
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def metadata(wheel, name):
    """A file of the wheel's own, as text."""
    return wheel.read(next(each for each in wheel.namelist() if each.endswith(f".dist-info/{name}"))).decode()


def test_it_holds_the_tree_and_nothing_else(wheel):
    wanted = {f"{FOLDER}/{name}" for name in tracked() if name.startswith(SHIPPED) and "/selftest/" not in name}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == wanted


def test_each_file_has_its_bytes_and_may_still_be_run(wheel):
    packed = [entry for entry in wheel.infolist() if entry.filename.startswith(f"{FOLDER}/")]
    originals = {entry.filename: ROOT / entry.filename.removeprefix(f"{FOLDER}/") for entry in packed}
    assert [entry.filename for entry in packed if wheel.read(entry) != originals[entry.filename].read_bytes()] == []
    assert [entry.filename for entry in packed
            if (entry.external_attr >> 16 ^ originals[entry.filename].stat().st_mode) & 0o100] == []


def test_it_asks_for_what_a_run_needs(wheel):
    asked = Parser().parsestr(metadata(wheel, "METADATA")).get_all("Requires-Dist")
    assert {each.lower() for each in asked} == {each.lower() for each in hatch_build.dependencies(ROOT)}


def test_its_command_is_there(wheel):
    assert f"nbi-acceptance = {FOLDER}.acceptance.command:main" in metadata(wheel, "entry_points.txt").splitlines()


def test_every_check_is_found_from_anywhere(typed, tmp_path):
    code, said = typed("--collect-only", "-q")
    assert (code, sum("::test_" in line for line in said)) == (0, len(read_lock(ROOT / "acceptance" / "checks.lock")))
    assert [path.name for path in tmp_path.iterdir()] == ["acceptance"]


def test_a_refused_run_has_its_report_where_it_was_typed(typed, site, tmp_path):
    before = files_of(site)
    code, said = typed("--profile=nonsense")
    report = said[-1].rpartition("report=")[2]
    assert (code, said[-1]) == (4, f"verdict=ERROR exit=4 report={report}")
    assert (tmp_path / report).is_file() and report.startswith("reports/")
    assert files_of(site) == before


def test_a_run_of_it_is_whole_and_its_report_is_judged_again_where_it_was_written(typed, tmp_path):
    """Nothing of where it lies narrows it, which would be 12: that there is no engine is all that is wrong."""
    code, _ = typed("--profile=smoke", "--engine=current")
    results = json.loads((tmp_path / "reports" / "latest" / "results.json").read_text())
    assert (code, results["exits"], results["profile"]) == (14, [14], "smoke")
    for words in (["latest"], [results["run"]], [results["run"], f"--reports={tmp_path}/reports"]):
        code, said = typed("rejudge", *words)
        assert (code, said[-1]) == (14, f"verdict=ERROR exit=14 report=reports/{results['run']}/rejudged.json")
    code, said = typed("verify", "reports/latest/certificate.json")
    assert (code, said[-1]) == (0, "  sound: digest, outcomes and the files beside it agree")


@pytest.mark.parametrize("word", COMMANDS)
def test_readme_tells_each_word(word):
    assert f"``nbi-acceptance {word}" in (ROOT / "README.rst").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "known"), [(["--help"], "--hub-image"), (["packages", "--help"], "usage: python3 -m acceptance")]
)
def test_help_tells_options_and_words(typed, words, known):
    code, said = typed(*words)
    assert (code, any(known in line for line in said)) == (0, True)
    assert words != ["--help"] or any("nbi-acceptance packages" in line for line in said)
