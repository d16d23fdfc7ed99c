"""Each exit code comes out when it should, the first that applies first, and no green one by accident."""

import pytest

pytest_plugins = "pytester"

BROKEN = "assert 1 == 2"
NO_ENGINE = "raise EngineError('no engine')"


def test_kept_promises_end_0(tree):
    tree.check("login-ok")
    judged = tree.judge()
    assert judged.code == 0
    assert judged.last == f"verdict=PASS exit=0 report=reports/{judged.results['run']}/index.html"


@pytest.mark.parametrize(
    ("body", "word", "code"),
    [
        (BROKEN, "FAIL", 1),
        ("raise StackError('refused')", "FAIL", 1),
        (NO_ENGINE, "ERROR", 14),
        ("1/0", "ERROR", 14),
    ],
)
def test_a_broken_promise_and_an_unasked_one_are_told_apart(tree, body, word, code):
    tree.check("login-ok", body)
    tree.check("edge-hub")
    judged = tree.judge()
    assert (judged.code, judged.results["exits"]) == (code, [code])
    assert judged.last.startswith(f"verdict={word} exit={code} ")


def test_all_codes_that_apply_are_kept(tree):
    tree.check("login-ok", BROKEN)
    tree.check("edge-hub", NO_ENGINE, locked=False)
    judged = tree.judge()
    assert (judged.code, judged.results["exits"]) == (1, [1, 14, 12])


@pytest.mark.parametrize(
    "end", ["raise KeyboardInterrupt", "os.kill(os.getpid(), signal.SIGTERM)", "pytest.exit('x')"]
)
def test_an_interrupted_run_ends_2_with_evidence_and_removal(tree, end):
    tree.fixture(
        "@pytest.fixture(scope='session')\n"
        "def stack(run):\n"
        "    run.collectors.append(lambda folder, since: (folder / 'tasks.txt').write_text('running'))\n"
        "    yield\n"
        "    run.phases['removed'] = 1\n"
    )
    tree.check("login-ok", end, uses="stack")
    judged = tree.judge(subprocess=True)
    assert (judged.code, judged.results["exit"], judged.results["phases"]) == (2, 2, {"removed": 1})
    assert "during login-ok" in judged.check("login-ok")["reason"]
    assert judged.text("evidence/login-ok/tasks.txt") == "running"


def test_a_file_that_does_not_import_ends_3(tree):
    tree.fixture("import nothing_of_this_name")
    tree.check("login-ok")
    judged = tree.judge()
    assert (judged.code, judged.last[:20]) == (3, "verdict=ERROR exit=3")


def test_a_plugin_that_breaks_ends_3(tree):
    tree.check("login-ok")
    (tree.path / "conftest.py").write_text(
        "def pytest_runtest_setup(item): pass\ndef pytest_runtestloop(session): 1 / 0\n"
    )
    judged = tree.judge()
    assert judged.code == 3
    assert any("ZeroDivisionError" in line for line in judged.lines)


def test_a_report_that_cannot_be_written_ends_3_in_words(tree):
    tree.check("login-ok", "open('reports', 'w')")  # a file where the folder should be
    judged = tree.judge()
    assert (judged.code, judged.last) == (3, "verdict=ERROR exit=3 report=none")
    assert any("could not be written" in line and "REPORTS=" in line for line in judged.lines)


def test_evidence_that_cannot_be_written_hides_no_outcome_and_ends_3(tree):
    tree.check("login-ok", f"open('reports', 'w')\n{BROKEN}")
    tree.check("edge-hub", BROKEN)
    judged = tree.judge()
    assert (judged.code, judged.last) == (3, "verdict=ERROR exit=3 report=none")
    assert not any("INTERNALERROR" in line for line in judged.lines)
    assert any("evidence could not be kept" in line for line in judged.lines)
    assert " 1: broken: login-ok, edge-hub" in judged.lines


def test_bad_settings_end_4_all_together_and_nothing_is_started(tree):
    tree.fixture("open('started', 'w')")
    tree.check("login-ok")
    judged = tree.judge("--profile=smoek", "--users=0", "--target=https://x")
    assert (judged.code, judged.last[:20]) == (4, "verdict=ERROR exit=4")
    assert all(
        any(word in line for line in judged.lines)
        for word in ("PROFILE=smoek", "USERS=0", "TARGET: a service is judged by people")
    )
    assert not (tree.path / "started").exists()


def test_bad_input_that_only_a_fixture_finds_ends_4(tree):
    tree.fixture("@pytest.fixture\ndef stack():\n    raise SettingsError(['Port 443 is taken by nginx'])")
    tree.check("login-ok", uses="stack")
    judged = tree.judge()
    assert (judged.code, judged.results["exits"]) == (4, [4, 14])
    assert any("Port 443 is taken" in line for line in judged.lines)


def test_an_unknown_path_ends_4(tree):
    tree.check("login-ok")
    judged = tree.judge(where="acceptance/test_nowhere.py")
    assert (judged.code, judged.last[:20]) == (4, "verdict=ERROR exit=4")


def test_a_stack_that_never_came_up_ends_10(tree):
    tree.fixture(
        "@pytest.fixture(scope='session')\n"
        "def stack(run):\n"
        "    run.never_came_up('hub task rejected: No such image')\n"
        "    raise StackError('hub task rejected: No such image')"
    )
    tree.check("login-ok", uses="stack")
    tree.check("edge-hub", uses="stack")
    judged = tree.judge()
    assert (judged.code, judged.results["exits"]) == (10, [10, 14])
    assert judged.outcomes == {"login-ok": "ERROR", "edge-hub": "ERROR"}


def test_what_is_left_behind_ends_11(tree):
    tree.fixture("@pytest.fixture\ndef stack(run):\n    yield\n    run.leftovers.append('volume nbi-x')")
    tree.check("login-ok", uses="stack")
    judged = tree.judge()
    assert (judged.code, judged.last[:20], judged.results["leftovers"]) == (
        11,
        "verdict=FAIL exit=11",
        ["volume nbi-x"],
    )


@pytest.mark.parametrize("arguments", [("--profile=smoke",), ("--setup-only",)])
def test_no_check_with_an_outcome_ends_12_and_never_5(tree, arguments):
    tree.check("login-ok", profile="core")
    judged = tree.judge(*arguments)
    assert (judged.code, judged.results["exits"]) == (12, [12])


def test_a_check_that_is_not_in_the_lock_ends_12(tree):
    tree.check("login-ok")
    tree.check("login-new", locked=False)
    judged = tree.judge()
    assert (judged.code, judged.last[:21]) == (12, "verdict=ERROR exit=12")
    assert any("not in checks.lock: login-new" in line for line in judged.lines)


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("-k", "login-ok"), "acceptance"),
        (("-m", "check"), "acceptance"),
        (("--keep",), "acceptance"),
        (("--deselect=acceptance/test_it.py::test_edge_hub",), "acceptance"),
        ((), "acceptance/test_it.py"),
        ((), "acceptance/test_it.py::test_login_ok"),
    ],
)
def test_a_narrowed_run_is_partial_and_never_0(tree, arguments, where):
    tree.check("login-ok")
    tree.check("edge-hub")
    judged = tree.judge(*arguments, where=where)
    assert (judged.code, judged.last[:23]) == (12, "verdict=PARTIAL exit=12")
    assert judged.outcomes["login-ok"] == "PASS"


def test_a_narrowed_run_that_meets_a_broken_promise_says_so(tree):
    tree.check("login-ok", BROKEN)
    tree.check("edge-hub")
    judged = tree.judge("-k", "login-ok")
    assert (judged.code, judged.results["verdict"], judged.results["exits"]) == (1, "FAIL", [1, 12])
