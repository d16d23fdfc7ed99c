"""certificate.json: which runs have one, what it says, and that each later change of it, or of what it is of, is noticed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from acceptance import verify
from acceptance.harness.report.certificate import FILES, KEYS, sealed, sum_of

pytest_plugins = "pytester"

BROKEN = "assert 1 == 2"
DAY = timedelta(days=1)


@pytest.fixture
def waivers(tmp_path):
    """--waivers of a file that waives login-ok until today."""
    today = datetime.now(UTC).date()
    (tmp_path / "waivers.yaml").write_text(f"- check: login-ok\n  reason: ticket 7\n  owner: ann\n  expires: {today}\n")
    return f"--waivers={tmp_path / 'waivers.yaml'}"


def certificate_of(judged):
    """The certificate of a judged tree."""
    return json.loads(judged.text("certificate.json"))


def verified(judged, capsys, **changes):
    """Exit code and words of `verify`, of a certificate with these changes that was sealed anew."""
    path = judged.folder / "certificate.json"
    if changes:
        path.write_text(json.dumps(sealed({**certificate_of(judged), **changes})))
    capsys.readouterr()
    return verify.main([str(path)]), capsys.readouterr().out


def test_a_whole_run_has_a_certificate_of_all_that_it_found(tree, waivers):
    tree.fixture(
        "from acceptance.harness.report.run import Image\n"
        "@pytest.fixture\ndef stack(run):\n"
        "    run.facts.images['hub'] = Image('hub:1', id='sha256:1', digest='sha256:2')\n"
        "    run.facts.versions |= {'engine': '20.10.24', 'hub': '5.3.0'}\n"
        "    run.facts.configuration['NOTEBOOK_MEMORY'] = '1G'\n"
    )
    tree.check("login-ok", BROKEN, uses="stack")
    tree.check("edge-hub")
    tree.check("edge-deep", profile="full")
    judged = tree.judge(waivers)
    found = certificate_of(judged)
    assert (found.keys(), [*found][-1]) == (KEYS, "digest")
    assert (found["verdict"], found["exit"], found["promised"]) == ("PASS", 0, ["edge-hub", "login-ok"])
    assert found["promises"]["login-ok"] == {
        "outcome": "FAIL", "sentence": "login-ok is kept.", "cls": "r", "profile": "smoke",
        "waived": judged.check("login-ok")["waived"]}  # fmt: skip
    assert found["images"]["hub"] == {"ref": "hub:1", "id": "sha256:1", "digest": "sha256:2"}
    assert found["versions"] == {"engine": "20.10.24", "hub": "5.3.0"}
    assert json.loads(judged.text("configuration.json")) == {"NOTEBOOK_MEMORY": "1G"}
    assert found["sha256"] == {name: sum_of(judged.folder / name) for name in (
        "results.json", "junit.xml", "checks.lock", "configuration.json")}
    assert found["sha256"]["checks.lock"] == sum_of(tree.path / "acceptance" / "checks.lock")


@pytest.mark.parametrize(("body", "verdict"), [(BROKEN, "FAIL"), ("raise EngineError('x')", "ERROR")])
def test_a_run_that_is_not_passed_has_one_too_and_it_is_sound(tree, capsys, body, verdict):
    tree.check("login-ok", body)
    code, said = verified(tree.judge(), capsys)
    assert (code, f"certificate.json: {verdict}, exit 1" in said, "sound: " in said) == (0, True, True)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(("-k", "login-ok"), "only a part was judged (narrowed by -k login-ok)"), (("--keep",), "narrowed by KEEP"),
     (("--setup-only",), "not all checks of the profile have an outcome")],
)
def test_what_is_not_whole_has_none_and_says_so(tree, arguments, why):
    tree.check("login-ok")
    tree.check("edge-hub")
    judged = tree.judge(*arguments)
    assert not (judged.folder / "certificate.json").exists()
    assert [line for line in judged.lines if "no certificate is written: " in line and why in line]


def test_no_secret_stands_in_a_certificate_or_configuration_and_the_digest_is_of_what_is_kept(tree, capsys):
    tree.fixture(
        "@pytest.fixture\ndef stack(run):\n    run.secrets.add('hunter-22')\n"
        "    run.facts.versions['hub'] = 'hunter-22'\n    run.facts.configuration['A'] = 'hunter-22'\n"
    )
    tree.check("login-ok", uses="stack")
    judged = tree.judge()
    assert "hunter-22" not in judged.text("certificate.json") + judged.text("configuration.json")
    assert (verified(judged, capsys)[0], certificate_of(judged)["versions"]["hub"]) == (0, "[redacted]")


def test_a_release_manager_reads_what_was_judged_and_by_whom_it_is_waived(tree, capsys, waivers):
    tree.check("login-ok", BROKEN)
    tree.check("edge-hub")
    code, said = verified(tree.judge(waivers), capsys)
    assert code == 0
    for words in ("PASS, exit 0", "profile core", "2 promises: 1 PASS, 1 waived", "ticket 7 (ann)", "kill score unknown: "):
        assert words in said


@pytest.mark.parametrize(
    ("name", "words"),
    [("certificate.json", "it was changed after it was written"), ("results.json", "results.json beside it is not the file"),
     ("junit.xml", "junit.xml beside it"), ("configuration.json", "configuration.json beside it")],
)
def test_a_later_edit_is_noticed(tree, capsys, name, words):
    tree.check("login-ok", BROKEN)
    judged = tree.judge()
    path = judged.folder / name
    path.write_text(path.read_text().replace("FAIL", "PASS").replace("failures", "passes").replace("{}", '{"A": "b"}'))
    code, said = verified(judged, capsys)
    assert (code, f"wrong: {words}" in said) == (1, True)


@pytest.mark.parametrize("text", ['{"run": "2026', "{}", "[]", "5", '{"promises": 1}', "[" * 9999, "\xff"])
def test_results_that_cannot_be_read_are_wrong_and_hide_nothing_else(tree, capsys, text):
    tree.check("login-ok")
    judged = tree.judge()
    (judged.folder / "results.json").write_text(text, encoding="latin-1")
    (judged.folder / "junit.xml").unlink()
    (judged.folder / "junit.xml").mkdir()
    code, said = verified(judged, capsys, verdict="FAIL")
    assert (code, said.count("wrong: "), said.count("beside it cannot be read: "), "not FAIL with 0" in said) == (1, 4, 2, True)


@pytest.mark.parametrize(("away", "words"), [
    ((), "digest, outcomes and the files beside it agree"), (FILES, f"digest and outcomes agree; not there: {', '.join(FILES)}"),
    (FILES[1:2], "digest, outcomes and the files beside it agree; not there: junit.xml")])
def test_a_certificate_away_from_its_report_can_be_checked_and_says_without_what(tree, capsys, away, words):
    tree.check("login-ok")
    judged = tree.judge()
    for name in away:
        (judged.folder / name).unlink()
    assert verified(judged, capsys)[1].endswith(f"\n  sound: {words}\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": "PASS", "exit": 0, "exits": [0]}, "(broken: login-ok) do not make the verdict PASS"),
        ({"verdict": "PASS"}, "make FAIL with exit 1, not PASS with 1"),
        ({"exit": 0}, "make FAIL with exit 1, not FAIL with 0"),
        ({"promised": ["edge-hub", "login-ok"]}, "no outcome of edge-hub"),
        ({"promised": []}, "login-ok was not promised"),
    ],
)
def test_outcomes_that_do_not_make_the_verdict_are_told_though_the_digest_fits(tree, capsys, changes, words):
    tree.check("login-ok", BROKEN)
    code, said = verified(tree.judge(), capsys, **changes)
    assert (code, words in said) == (1, True)


def test_outcomes_that_differ_from_the_results_beside_are_told_though_the_digest_fits(tree, capsys):
    tree.check("login-ok", BROKEN)
    judged = tree.judge()
    kept = {"login-ok": {**certificate_of(judged)["promises"]["login-ok"], "outcome": "PASS"}}
    code, said = verified(judged, capsys, promises=kept, verdict="PASS", exit=0, exits=[0])
    assert (code, "results.json beside it tells another verdict" in said) == (1, True)


def test_a_skip_that_is_no_pass_of_the_run_is_none_in_a_certificate(tree, capsys):
    tree.check("login-ok", "raise Absent('docker', 'asked')", needs=("docker",))
    judged = tree.judge()
    assert verified(judged, capsys)[0] == 0
    code, said = verified(judged, capsys, verdict="PASS", exit=0, exits=[0])
    assert (code, "(skipped: login-ok) do not make the verdict PASS" in said) == (1, True)


def test_a_waiver_that_has_expired_since_is_told(tree, capsys, waivers):
    tree.check("login-ok", BROKEN)
    found = certificate_of(tree.judge(waivers))
    later = datetime.now(UTC).date() + DAY
    assert [*verify.wrong_with(found, tree.path, later)] == [f"the waiver of login-ok expired on {later - DAY} (ann)"]
    assert [*verify.wrong_with(found, tree.path, later - DAY)] == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', None])
def test_what_is_no_certificate_ends_4_among_others_too(tree, capsys, tmp_path, text):
    tree.check("login-ok")
    other = tmp_path / "x.json"
    if text is None:    # the right keys, and nothing sensible behind them
        other.write_text(json.dumps(dict.fromkeys(KEYS, 5) | {"schema": 1}))
    else:
        other.write_text(text)
    assert verify.main([str(tree.judge().folder / "certificate.json"), str(other)]) == 4
    assert "x.json: no certificate" in capsys.readouterr().out


def test_what_cannot_be_judged_here_is_named_and_not_promised(tree, capsys):
    tree.check("login-ok")
    tree.check("upgrade", profile="image", needs=("previous",))
    judged = tree.judge("--profile=image")
    found = certificate_of(judged)
    assert (judged.code, found["promised"], [*found["not_asked"]]) == (0, ["login-ok"], ["upgrade"])
    code, said = verified(judged, capsys)
    assert (code, "1 promises: 1 PASS; 1 more cannot be judged so" in said) == (0, True)
