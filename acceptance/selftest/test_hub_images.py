"""The contract of hub images names the checks that ask for it, and the gate's own images are judged by what was measured."""

import re
from dataclasses import replace

import pytest

from acceptance.document import ROOT
from acceptance.harness.errors import SettingsError
from acceptance.harness.report.check import read_lock
from acceptance.harness.report.run import Run
from acceptance.harness.settings import gather
from acceptance.hub_images import page
from acceptance.hub_images.hub_image import FILE, FOLDER, HubImage, load
from acceptance.hub_images.judging import worth

LOCKED = read_lock(ROOT / "acceptance" / "checks.lock")
CONTRACT = (ROOT / "docs" / "hub-image-contract.rst").read_text(encoding="utf-8")
DUTIES = CONTRACT.partition("What the image has to do")[2].partition("What the gate says")[0]
IMAGE = HubImage("x", "a story", {}, {}, 1, ("login-ok",), "the hub lets nobody in")


def measured(exit=1, cause="the hub lets nobody in: said so", failing=("login-ok",), **more):
    """What is kept of a judged image."""
    return {"asked": IMAGE.asked, "exit": exit, "failing": [*failing], "diagnosis": {"cause": cause}, **more}


def test_each_sentence_of_the_contract_is_held_by_a_check():
    sentences = re.split(r"^\* ", DUTIES, flags=re.MULTILINE)[1:]
    asked = {each.id for each in LOCKED if each.is_in("image")}
    named = [set(re.findall(r"``([a-z][a-z-]+)``", sentence.rpartition("(")[2])) for sentence in sentences]
    assert len(sentences) > 25
    assert [sentence for sentence, checks in zip(sentences, named, strict=True) if not checks or checks - asked] == []


def test_a_right_verdict_has_no_fault():
    assert IMAGE.faults_of(measured()) == []


@pytest.mark.parametrize(("found", "said"), [
    (measured(exit=None), "the judged run left no results"),
    (measured(asked={"options": {}, "settings": {"USERS": "2"}}), "another image, or one with other settings, was judged"),
    (measured(exit=0), "exit 0 instead of 1"),
    (measured(failing=()), "login-ok was not found broken"),
    (measured(failing=("login-ok", "spawn-one")), "spawn-one was called broken"),
    (measured(cause="nobody knows"), "the cause is 'nobody knows' instead of 'the hub lets nobody in'"),
])
def test_a_wrong_verdict_is_told_in_words(found, said):
    assert IMAGE.faults_of(found) == [said]


def test_what_was_measured_is_worth_what_the_file_expects_today():
    kept = worth(IMAGE, measured())
    assert (kept["outcome"], kept["reason"]) == ("PASS", "")
    assert worth(replace(IMAGE, exit=10), kept)["reason"] == "exit 1 instead of 10"


def test_the_page_tells_of_each_image_what_it_was_told_and_whether_that_was_right(tmp_path):
    entries = {
        "x": measured(verdict="FAIL", hub={"ref": "hub:1", "digest": "sha256:2", "id": ""}, seconds=60,
                      report="r-1/images/x/r-2/index.html"),
        "dead": {**measured(None, None, ()), "verdict": "", "hub": {}, "seconds": 5, "report": ""},
    }
    images = [IMAGE, replace(IMAGE, id="dead", story="a <b> story"), replace(IMAGE, id="not-yet")]
    run = Run(replace(gather({}, ROOT), reports=tmp_path))
    page.write(run, images, {image.id: worth(image, entries[image.id]) for image in images if image.id in entries})
    told = (run.folder / run.pages[0]).read_text(encoding="utf-8")
    assert run.proved == "1 of 2 hub images were judged rightly."
    for words in ("Told <strong class=\"FAIL\">FAIL</strong> (exit 1)", "<code class=\"id\">login-ok</code>",
                  "../r-1/images/x/r-2/index.html", "the hub lets nobody in: said so", "a &lt;b&gt; story",
                  "the judged run left no results", "sha256:2"):
        assert words in told
    assert "not-yet" not in told


def test_an_image_that_is_not_there_is_refused():
    with pytest.raises(SettingsError, match="images.yaml has no image nope"):
        load(("nope",), LOCKED)


def test_every_image_here_is_judged_and_each_that_is_judged_is_here():
    images = load((), LOCKED)
    used = {value for image in images for value in image.given.values() if value.startswith(str(FOLDER))}
    assert used == {str(path.parent) for path in FOLDER.glob("*/Dockerfile")}
    assert len(images) >= 8
    assert sum(image.exit != 0 for image in images) >= 3, FILE
