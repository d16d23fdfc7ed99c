"""docs/operating.rst tells symptoms in the words that were really seen: those of the faults that it names."""

import re

import pytest
from docutils import nodes, utils
from docutils.core import publish_doctree

from acceptance.document import ROOT
from acceptance.faults.fault import FOLDER, FURTHER, load_all

GUIDE = ROOT / "docs" / "operating.rst"
FAULTS = {fault.id: fault for fault in (*load_all(FOLDER), *load_all(FURTHER))}
# Faults of what watches the service; no user or operator meets them as a symptom.
OF_THE_WATCH = {"doctor-by-name", "doctor-trusting", "servers-uncounted"}


def told():
    """Fault -> the text beside which the guide names it: the paragraph before, or the row of a table."""
    quiet = {"report_level": utils.Reporter.SEVERE_LEVEL + 1, "halt_level": 5}
    tree = publish_doctree(GUIDE.read_text(encoding="utf-8"), settings_overrides=quiet)
    found = {}
    for comment in tree.findall(nodes.comment):
        row = comment.parent.parent if isinstance(comment.parent, nodes.entry) else None
        beside = row or comment.parent[comment.parent.index(comment) - 1]
        ids = re.match(r"faults: (.*)", comment.astext())
        found |= dict.fromkeys(ids[1].split() if ids else (), " ".join(beside.astext().split()))
    return found


@pytest.mark.parametrize(("name", "text"), sorted(told().items()))
def test_a_symptom_is_told_in_the_words_of_its_fault(name, text):
    """Or by the check that sees it, where nobody else does."""
    fault = FAULTS[name]
    assert fault.kills in text or any(word.rstrip(": ").strip("\"'") in text for word in fault.words)


def test_the_symptoms_of_the_stack_are_told():
    """A new fault of the stack belongs into the guide, by its words or by the check that sees it: somebody will meet it."""
    text = GUIDE.read_text(encoding="utf-8")
    untold = {name for name, fault in FAULTS.items() if not fault.benign and f"``{fault.kills}``" not in text}
    assert sorted(untold - told().keys() - OF_THE_WATCH) == []
