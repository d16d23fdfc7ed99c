"""README and docs say what is: commands and settings exist, samples are the tree's own, the picture is its text's.

The blocks of kind `typed` are run for real by `python -m acceptance.readme`, which `make test` calls.
"""

import hashlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from acceptance.document import KINDS, ROOT, Step, blocks_of, documents, literals
from acceptance.harness.errors import SettingsError
from acceptance.harness.options import OPTIONS
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.verdict import MEANINGS
from acceptance.readme import is_typed
from acceptance.sandbox.packages import PURPOSES, line_that_installs
from stack.operate.settings import read

README = (ROOT / "README.rst").read_text(encoding="utf-8")
BLOCKS = [block for path in documents() for block in blocks_of(path)]
STEPS = [pytest.param(block, step, id=step.command) for block in BLOCKS for step in block.steps]
SETTINGS = read(ROOT / "stack" / "stack.env")
# Variables of make that are neither a setting of the stack nor an option of the harness.
VERBS = {"NAME", "ID", "RUN", "WAIT", "VOLUMES", "FROM", "OVER", "ARGS", "PYTHON", "N", "FRESH", "WITHIN", "CONTEXT", "IMAGES"}


@pytest.fixture
def page(tmp_path):
    """Writes a document."""

    def write(text):
        path = tmp_path / "page.rst"
        path.write_text(text)
        return path

    return write


def words_of(command):
    """The words of each command of a line, without what a shell makes of them."""
    inner = re.sub(r'eval "\$\((.*)\)"', r"\1", command)
    return [shlex.split(part) for part in inner.split("&&")]


@pytest.mark.parametrize("document", sorted({"README.rst", *(block.document for block in BLOCKS if is_typed(block))}))
def test_there_is_something_to_type_and_it_cleans_up(document):
    typed = [step.command for block in BLOCKS if block.document == document and is_typed(block) for step in block.steps]
    assert len(typed) > 5
    assert typed[-1] == "make remove"


@pytest.mark.parametrize(("block", "step"), STEPS)
def test_every_command_is_one_that_is_tested(block, step):
    known = {"make", "docker", "tox"} | ({"apt-get", "git", "cd", "python"} if not is_typed(block) else set())
    assert {words[0] for words in words_of(step.command)} <= known


@pytest.mark.parametrize(("block", "step"), STEPS)
def test_every_module_that_is_called_exists(block, step):
    called = [words[2] for words in words_of(step.command) if words[:2] == ["python", "-m"]]
    assert [name for name in called if not (ROOT / name.replace(".", "/")).with_suffix(".py").exists()] == []


@pytest.mark.parametrize(("block", "step"), STEPS)
def test_every_make_target_and_variable_exists(block, step):
    given = [words[1:] for words in words_of(step.command) if words[0] == "make"]
    variables = {word.partition("=")[0] for words in given for word in words if "=" in word}
    targets = [word for words in given for word in words if "=" not in word]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert variables <= {option.variable for option in OPTIONS} | SETTINGS.keys() | VERBS
    assert [word for word in targets if word != "-s" and not re.search(rf"^{word}:.* ## ", makefile, re.M)] == []


def test_make_knows_no_target_that_nobody_is_told_of():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.* ## ", makefile, re.M))
    assert {name for name in targets if not re.search(rf"make (-s )?{name}\b", README)} == set()


def test_the_line_that_installs_is_the_project_s_own():
    wanted = {*PURPOSES["acceptance"], *PURPOSES["sandbox"]}
    lines = [step.command for block in BLOCKS if block.kind == "root" for step in block.steps]
    assert [set(line.split()) for line in lines] == [set(line_that_installs([*wanted, "git", "make"]).split())]


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_of_the_stack_is_documented(name):
    assert f"``{name}``" in README, f"{name} of stack.env stands in no table of README"


def test_no_setting_is_documented_that_is_none():
    rows = set(re.findall(r"^``([A-Z][A-Z_]+)``(?:  |$)", README, re.M))
    assert rows - SETTINGS.keys() - {option.variable for option in OPTIONS} == set()


def test_defaults_are_told_as_they_are():
    rows = dict(re.findall(r"^``([A-Z][A-Z_]+)`` +``([^`\n]+)`` ", README, re.M))
    stated = {name: value for name, value in rows.items() if name in SETTINGS}
    assert stated == {name: value for name, value in SETTINGS.items() if value}


def test_every_exit_code_is_documented():
    assert {int(code) for code in re.findall(r"^(\d+)   +\S", README, re.M)} == MEANINGS.keys()


def test_the_samples_are_the_tree_s_own():
    """The check and the fault that README shows are real ones, so that they cannot grow old."""
    python = [each.astext().strip() for each in literals(ROOT / "README.rst", "python")]
    faults = [each.astext().strip() for each in literals(ROOT / "README.rst", "yaml")]
    checks = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "acceptance").glob("test_*.py"))
    known = [path.read_text(encoding="utf-8").strip() for path in (ROOT / "acceptance" / "faults").glob("*.yaml")]
    assert len(python) == len(faults) == 1
    assert python[0] in checks
    assert faults[0] in known


def test_every_folder_of_the_map_exists():
    tree = re.search(r"^Map of the tree\n-+\n+::\n\n((?:   .*\n|\n)+)", README, re.M)[1]
    assert [path for path in re.findall(r"^   ?(\S+)  ", tree, re.M) if not [*ROOT.glob(path)]] == []


def test_the_number_of_checks_is_told_as_it_is():
    profiles = [check.profile for check in read_lock(ROOT / "acceptance" / "checks.lock")]
    smoke, core = profiles.count("smoke"), profiles.count("smoke") + profiles.count("core")
    assert f"``smoke`` is {smoke} checks, ``core`` (the default) {core} checks" in README


def test_the_picture_was_drawn_from_its_text():
    text, picture = (ROOT / "docs" / f"architecture.{kind}" for kind in ("dot", "svg"))
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    assert digest in picture.read_text(encoding="utf-8"), "docs/architecture.svg is older: run `make picture`"


def test_nothing_of_one_machine_stands_in_the_documents():
    texts = {path.name: path.read_text(encoding="utf-8") for path in documents()}
    assert {name for name, text in texts.items() if re.search(r"/(root|home)/(?!jovyan)|/work/|/tmp/", text)} == set()


def test_what_ci_calls_is_what_readme_says():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
    assert "make test" in [step.command for block in BLOCKS if block.kind == "gate" for step in block.steps]


def test_make_recipes_are_short():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert max(len(recipe.splitlines()) for recipe in re.findall(r"(?:^\t.*\n)+", makefile, re.M)) <= 3


def test_a_block_of_no_kind_is_refused(page):
    with pytest.raises(SettingsError, match=f"needs one `:class:` of {', '.join(KINDS)}"):
        blocks_of(page(".. code-block:: console\n\n   $ make deploy\n"))


def test_bad_restructuredtext_is_refused(page):
    with pytest.raises(SettingsError, match="Title underline too short"):
        blocks_of(page("A title\n====\n"))


def test_a_block_is_read_as_it_is_typed(page):
    (block,) = blocks_of(page(".. code-block:: console\n   :class: typed\n\n   $ one\n   a\n   b\n   $ two && three\n"))
    assert (block.kind, block.steps) == ("typed", (Step("one", "a\nb"), Step("two && three", "")))


@pytest.mark.parametrize(
    ("shown", "said", "fits"),
    [
        ("", "whatever", True),
        ("stack is gone", "stack is gone\n", True),
        ("stack is gone…", "stack is gone; volumes kept: 1\n", True),
        ("NAME   SERVICES\nours   2", "NAME        SERVICES\nours        2\n", True),
        ("…\ndeploy=OK exit=0", "Creating network\nCreating service\ndeploy=OK exit=0\n", True),
        ("deploy=OK exit=0", "Creating network\ndeploy=OK exit=0\n", False),
        ("a.c", "abc", False),
    ],
)
def test_what_is_said_is_compared_with_what_is_shown(shown, said, fits):
    assert Step("x", shown).is_said(said) is fits


def test_the_tree_is_committed_without_secrets():
    ignored = ["stack/secrets/users", "reports/x", ".venv/x"]
    done = subprocess.run(["git", "check-ignore", *ignored], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ignored or not Path(ROOT / ".git").exists()
