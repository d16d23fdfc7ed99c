"""The sins by which harnesses are green on dead systems, looked for in the source of this one. Each rule is shown a sinner."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted((ROOT / "acceptance").rglob("*.py"))
           if "selftest" not in path.parts}
# What returns a bool asks a question, so that nobody takes it for an act whose failure would be heard.
QUESTIONS = ("is_", "was_", "has_", "are_", "can_", "holds", "answers", "agrees", "stays", "explains", "listens_",
             "only_", "forgives")
# Acts that say whether they did something, and why a caller who does not look is not deceived.
ACTS = {
    "acceptance/clean.py:leave_swarm": "tells what was done, for the words at the end; what it cannot do it raises",
    "acceptance/fixtures/room.py:_take": "one try of a lock, asked by wait_until, which raises",
    "acceptance/sandbox/slot.py:try_lock": "one try of a lock, whose caller goes on to the next slot",
    "acceptance/harness/site/in_browser.py:step": "one look at the provider's page, asked by wait_until, which raises",
    "acceptance/harness/site/in_browser.py:_step": "the same",
    "acceptance/harness/site/kernel.py:_hear": "listen() asks its own until() again after each, and raises at the deadline",
}
# Where any error of the engine ends in something else than a raise, and why it is not taken for absence.
TOLD = {
    "acceptance/harness/cluster/engine.py:absence": "its answer is the error, in words",
    "acceptance/harness/cluster/logbook.py:go": "a thread cannot raise; whoever reads the logbook meets it as an EngineError",
}
ENGINES = ("docker.errors.DockerException", "docker.errors.APIError", "requests.RequestException", "Exception",
           "BaseException")


def functions(source):
    """Each function of a module."""
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def own(function):
    """The nodes of a function without those of functions inside it."""
    found, todo = [], list(ast.iter_child_nodes(function))
    while todo:
        node = todo.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            found.append(node)
            todo += ast.iter_child_nodes(node)
    return found


def says_yes_or_no(function):
    """Whether it gives back True or False."""
    given = [node.value for node in own(function) if isinstance(node, ast.Return)]
    literal = any(isinstance(value, ast.Constant) and isinstance(value.value, bool) for value in given)
    return literal or (function.returns is not None and ast.unparse(function.returns) == "bool")


def is_question(name):
    """Whether a name reads as a question."""
    return name.lstrip("_").startswith(QUESTIONS) or name.lstrip("_") in ("has", "are")


def acts_that_may_fail_unheard(source):
    """Functions that say False in place of raising, under a name that lets a caller drop it."""
    return {each.name for each in functions(source) if says_yes_or_no(each) and not is_question(each.name)}


def dropped(source):
    """Lines where the answer to a question falls on the floor."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    asked = {each.name for each in functions(source) if says_yes_or_no(each)}
    names = {node.lineno: ast.unparse(node.value.func).rpartition(".") for node in calls}
    return {line: name for line, (owner, _, name) in names.items()
            if name.startswith(("is_", "has_")) or (name in asked and owner in ("", "self"))}


def swallowed(source):
    """Functions that meet any error of an engine, or any error at all, and do not raise in its place."""
    return {each.name for each in functions(source) for node in own(each)
            if isinstance(node, ast.ExceptHandler) and node.type is not None and is_of_an_engine(node.type)
            and not any(isinstance(below, ast.Raise) for below in ast.walk(node))}


def is_of_an_engine(caught):
    """Whether an `except` names what an engine raises when it cannot answer. (NotFound is an answer.)"""
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(known == said or known.endswith(f".{said}") for known in ENGINES for said in map(ast.unparse, names))


def naps(source):
    """Lines that sleep, by whatever name; an event loop's own is none."""
    tree = ast.parse(source)
    names = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "time"
             for alias in node.names if alias.name == "sleep"}
    calls = [(ast.unparse(node.func), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [line for call, line in calls if call in names or (call.endswith(".sleep") and call != "asyncio.sleep")]


def asserts(source):
    """Lines that judge."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]


def excuses(source):
    """Lines that skip without a measurement: pytest's own ways, where Absent has to be raised."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
    return [node.lineno for node in nodes if ast.unparse(node) in
            ("pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "pytest.xfail", "pytest.importorskip")]


def finallies(source):
    """Lines in a `finally` that would swallow what went wrong before it."""
    tries = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Try)]
    return [below.lineno for node in tries for step in node.finalbody for below in ast.walk(step)
            if isinstance(below, ast.Return | ast.Break | ast.Continue)]


@pytest.mark.parametrize("name", MODULES)
def test_what_can_fail_raises_and_is_no_helper_that_says_false(name):
    assert {f"{name}:{act}" for act in acts_that_may_fail_unheard(MODULES[name])} - ACTS.keys() == set()


@pytest.mark.parametrize("name", MODULES)
def test_no_answer_falls_on_the_floor(name):
    assert {line: said for line, said in dropped(MODULES[name]).items() if f"{name}:{said}" not in ACTS} == {}


@pytest.mark.parametrize("name", MODULES)
def test_no_error_of_an_engine_is_taken_for_an_answer(name):
    """Blind excepts say why in their line, which lint asks for; those of the engine stand here."""
    lines = MODULES[name].splitlines()
    blind = {each.name for each in functions(MODULES[name])
             if any("noqa: BLE001" in line for line in lines[each.lineno - 1:each.end_lineno])}
    assert {f"{name}:{each}" for each in swallowed(MODULES[name]) - blind} - TOLD.keys() == set()


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("harness/wait.py")])
def test_nobody_naps(name):
    assert naps(MODULES[name]) == []


@pytest.mark.parametrize("name", MODULES)
def test_nobody_is_excused(name):
    # The judge has to know pytest's own skip to refuse it.
    assert [line for line in excuses(MODULES[name]) if name != "acceptance/judge.py"] == []


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_swallowed_in_a_finally(name):
    assert finallies(MODULES[name]) == []


@pytest.mark.parametrize("listed", [*ACTS, *TOLD])
def test_an_exception_to_a_rule_is_still_needed(listed):
    name, _, function = listed.partition(":")
    assert function in acts_that_may_fail_unheard(MODULES[name]) | swallowed(MODULES[name])


@pytest.mark.parametrize(("rule", "sinner"), [
    (acts_that_may_fail_unheard, "def stop_server():\n    if gone:\n        return True\n    return False"),
    (acts_that_may_fail_unheard, "def stop_server() -> bool:\n    return gone"),
    (dropped, "server.is_running()"),
    (dropped, "def stop():\n    return False\nstop()"),
    (dropped, "class User:\n    def stop(self) -> bool:\n        return gone\n    def leave(self):\n        self.stop()"),
    (swallowed, "def servers():\n    try:\n        return client.list()\n    except docker.errors.APIError:\n        return []"),
    (swallowed, "def gone():\n    try:\n        get()\n    except (OSError, DockerException):\n        return True"),
    (swallowed, "def gone():\n    try:\n        get()\n    except Exception:\n        return True"),
    (naps, "import time\ntime.sleep(1)"),
    (naps, "import time as t\nt.sleep(1)"),
    (naps, "from time import sleep as rest\nrest(1)"),
    (asserts, "def ready(answer):\n    assert answer.ok"),
    (excuses, "def docker():\n    pytest.skip('no docker')"),
    (excuses, "@pytest.mark.skipif(True, reason='slow')\ndef test_x():\n    pass"),
    (finallies, "def stop():\n    try:\n        kill()\n    finally:\n        return None"),
    (finallies, "for each in all:\n    try:\n        kill()\n    finally:\n        continue"),
])
def test_a_sinner_is_seen(rule, sinner):
    assert rule(sinner)


@pytest.mark.parametrize(("rule", "just"), [
    (dropped, "if server.is_running():\n    stop()"),
    (swallowed, "def gone():\n    try:\n        get()\n    except docker.errors.NotFound:\n        return True"),
    (swallowed, "def ask():\n    try:\n        get()\n    except docker.errors.APIError:\n        raise EngineError from None"),
    (naps, "asyncio.sleep(1)"),
    (finallies, "def stop():\n    try:\n        return kill()\n    finally:\n        close()"),
])
def test_the_just_are_left_alone(rule, just):
    assert not rule(just)
