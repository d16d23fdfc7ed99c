"""The rules of the tree that a reader relies on: imports go down, one wait, one reader of the environment."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("acceptance", "hub", "nginx", "stack")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
SELFTESTS = ROOT / "acceptance" / "selftest"
# Who may import whom inside acceptance/: the longest prefix that fits decides; a package may import itself.
LEAVES = tuple(f"harness.{leaf}" for leaf in (
    "accounts", "endings", "errors", "knock", "options", "settings", "stopwatch", "target", "wait", "waivers"))
ARROWS = {
    "harness": (),
    "harness.audit": LEAVES,
    "harness.settings": ("harness.errors", "harness.options", "harness.target", "harness.waivers"),
    "harness.waivers": ("harness.errors", "harness.lined"),
    "harness.target": ("harness.accounts", "harness.errors"),
    "harness.accounts": ("harness.errors", "harness.lined"),
    "harness.lined": ("harness.errors",),
    "harness.endings": ("harness.errors",),
    "probe": ("harness",),
    "harness.options": (),
    "harness.wait": ("harness.errors",),
    "harness.site": LEAVES,
    "harness.cluster": LEAVES,
    "harness.diagnosis": LEAVES,
    "harness.report": (*LEAVES, "harness.diagnosis"),
    "sandbox": LEAVES,
    "fixtures": ("harness", "sandbox", "needs"),
    "needs": ("harness",),
    "selection": ("harness", "needs"),
    "judge": ("harness", "selection"),
    "passing": ("harness", "selection"),
    "plugin": ("harness", "selection", "judge", "passing", "faults"),
    "checks_lock": ("harness", "selection"),
    "command": (),
    "judged": ("harness", "fixtures"),
    "proof": ("harness",),
    "faults": ("harness", "sandbox", "fixtures", "diagnosis", "judged", "kept", "lanes", "proof", "revision", "selection"),
    "diagnosis": ("harness",),
    "kept": (),
    "revision": (),
    "verify": ("harness",),
    "rejudge": ("harness",),
    "lanes": ("harness", "fixtures", "judged"),
    "series": ("harness", "kept", "lanes", "revision"),
    "rows": ("harness", "judged", "proof", "series"),
    "hub_images": ("harness", "judged", "proof", "series"),
    "flakes": ("harness", "sandbox", "journal", "judged", "lanes", "proof", "revision"),
    "journal": ("harness",),
    "nightly": ("harness", "fixtures", "clean", "journal", "judged"),
    "document": ("harness",),
    "readme": ("harness", "sandbox", "document", "faults.patch"),
    "clean": ("harness", "sandbox", "fixtures"),
    "test_": ("harness", "fixtures"),
    "selftest": ("",),
}
# Packages whose modules may import each other.
HOMES = ("harness.audit", "harness.site", "harness.cluster", "harness.diagnosis", "harness.report", "sandbox", "faults",
         "fixtures", "flakes", "hub_images", "nightly", "rows")
TOO_LONG = 200


def name_of(path):
    """A module's name inside its tree: harness.wait for acceptance/harness/wait.py."""
    return ".".join(path.relative_to(ROOT / "acceptance").with_suffix("").parts).removesuffix(".__init__")


def imports_of(path):
    """The names of all modules that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(importer, imported):
    """Whether an arrow from one module of acceptance/ to another runs down."""
    own = max((key for key in ARROWS if importer.startswith(key)), key=len)
    home = own if own in HOMES else None
    return any(imported.startswith(each) for each in (*ARROWS[own], *([home] if home else [])))


def calls_of(path):
    """Each call in a module as source text, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(ast.unparse(node.func), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def named(paths):
    """Modules as parameters, by the name a person would use."""
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


ACCEPTANCE = [
    path
    for path in MODULES
    if path.is_relative_to(ROOT / "acceptance") and not path.is_relative_to(SELFTESTS)
]
PRODUCT = [path for path in MODULES if not path.is_relative_to(ROOT / "acceptance")]


@pytest.mark.parametrize("path", named(ACCEPTANCE))
def test_imports_go_down_only(path):
    ours = [each.removeprefix("acceptance.") for each in imports_of(path) if each.startswith("acceptance.")]
    assert [each for each in ours if path.name != "__init__.py" and not is_allowed(name_of(path), each)] == []


def test_an_arrow_that_runs_up_is_seen():
    assert not is_allowed("harness.site.user", "harness.cluster.engine.Engine")
    assert not is_allowed("harness.report.run", "judge.Judge")
    assert not is_allowed("harness.wait", "harness.settings.Settings")
    assert is_allowed("harness.site.user", "harness.site.hub.Hub")


@pytest.mark.parametrize("path", named((ROOT / "acceptance" / "harness").rglob("*.py")))
def test_the_harness_knows_nothing_of_pytest(path):
    assert [each for each in imports_of(path) if each.partition(".")[0] in ("pytest", "_pytest")] == []


@pytest.mark.parametrize("path", named(PRODUCT))
def test_what_is_shipped_knows_nothing_of_the_harness(path):
    assert [each for each in imports_of(path) if each.startswith("acceptance")] == []


@pytest.mark.parametrize("path", named(MODULES))
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= TOO_LONG


@pytest.mark.parametrize("path", named(MODULES))
def test_nobody_sleeps_but_the_wait(path):
    # The last one before its hub serves anybody, in a file that swarm mounts alone.
    waits = [ROOT / name for name in ("acceptance/harness/wait.py", "stack/operate/wait.py", "hub/conf.d/postgres.py")]
    imported = [each for each in imports_of(path) if each == "time.sleep"]
    called = [f"line {line}" for call, line in calls_of(path) if call == "time.sleep"]
    assert path in waits or imported + called == []


@pytest.mark.parametrize("path", named(MODULES))
def test_output_of_commands_in_containers_is_read_by_streams_alone(path):
    # What the SDK itself reads of them may lack its beginning, and nothing says so: stack/operate/streams.py says why.
    called = [f"line {line}: {call}" for call, line in calls_of(path) if call.endswith((".exec_start", ".exec_run", ".attach"))]
    assert called == []


@pytest.mark.parametrize("path", named(path for path in ACCEPTANCE if not path.name.startswith("test_")))
def test_asserts_stand_in_checks_only(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("path", named(ACCEPTANCE))
def test_the_environment_is_read_by_settings_only(path):
    """A copy may be passed on to a command whole; what a variable means is decided in one place."""
    readers = ("os.getenv", "os.environ[", "os.environ.get(", "os.environ.setdefault(", "os.environ.pop(")
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    read = [
        node.lineno
        for node in nodes
        if isinstance(node, ast.Call | ast.Subscript) and ast.unparse(node).startswith(readers)
    ]
    assert path.name == "settings.py" or read == []


@pytest.mark.parametrize("path", named(path for path in MODULES if path.name != "__init__.py"))
def test_no_drawer_for_everything(path):
    parts = {*path.relative_to(ROOT).with_suffix("").parts}
    assert parts & {"utils", "util", "helpers", "base", "common", "misc"} == set()


def test_lint_refuses_a_return_in_finally_and_blind_excepts():
    lint = tomllib.loads((ROOT / "ruff.toml").read_text(encoding="utf-8"))["lint"]
    assert {"B", "BLE", "S101"} <= set(lint["select"])
    assert not {each for each in lint.get("ignore", ()) if each.startswith(("B0", "BLE", "S101"))}


def test_lint_sees_a_return_in_finally():
    source = "def stop():\n    try:\n        return True\n    finally:\n        return False\n"
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--config",
        str(ROOT / "ruff.toml"),
        "--stdin-filename",
        "x.py",
        "-",
    ]
    said = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert (said.returncode, "B012" in said.stdout) == (1, True)
