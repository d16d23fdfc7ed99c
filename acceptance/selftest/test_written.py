"""YAML that people write is read with its lines, as it was typed, and what cannot be right is refused with its line."""

import pytest

from acceptance.harness.errors import SettingsError
from acceptance.harness.written import entries


@pytest.fixture
def written(tmp_path):
    """Writes the file."""

    def write(text):
        path = tmp_path / "it.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_entries_have_their_lines_and_scalars_are_as_they_were_typed(written):
    first, second = entries(written("# who\n- name: no\n  number: 0042\n\n- name: 2026-12-31\n  more: [~, 'x']\n  none:\n"))
    assert (first.line, first.values, first.lines) == (2, {"name": "no", "number": "0042"}, {"name": 2, "number": 3})
    assert (second.line, second.values) == (5, {"name": "2026-12-31", "more": ["~", "x"], "none": ""})


def test_a_complaint_names_the_line_of_its_key_else_of_its_entry(written):
    path = written("- name: ann\n  age: 1\n")
    (entry,) = entries(path)
    assert (entry.complaint("x", "age"), entry.complaint("x", "other")) == (f"{path}:2: x", f"{path}:1: x")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]\n"])
def test_a_file_may_hold_nothing(written, text):
    assert entries(written(text)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a: 1\n  b: [\n", [":3: no YAML: "]),
        ("- a: 1\n- &x [*x]\n", [":2: no YAML: "]),
        ("- a: 1\n---\n- b: 1\n", [":2: no YAML: "]),
        ("- ? [a]\n  : 1\n", [":1: no YAML: "]),
        ("a: 1\n", [":1: not a list"]),
        ("word\n", [":1: not a list"]),
        ("- a: 1\n- word\n- [b]\n", [":2: not a mapping", ":3: not a mapping"]),
        ("- a: 1\n  a: 2\n- b: {c: 1, d: 1,\n   c: 2}\n- word\n", [":2: a stands twice", ":4: c stands twice", ":5: not a m"]),
        (b"- a: \xff\n", [": cannot be read"]),
        (b"- a: \x00\n", [": no YAML: "]),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_with_every_line(written, text, said):
    path = written(text)
    with pytest.raises(SettingsError) as raised:
        entries(path)
    found = raised.value.complaints
    assert [line[: len(str(path) + words)] for line, words in zip(found, said, strict=True)] == [
        f"{path}{words}" for words in said]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere.yaml: cannot be read"):
        entries(tmp_path / "nowhere.yaml")
