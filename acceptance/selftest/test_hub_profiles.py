"""A file of profiles is what an operator meant, or every complaint about it is told at once."""

from pathlib import Path

import pytest
from profiles import ProfilesError, bytes_in, read_profiles

EXAMPLE = Path(__file__).parents[2] / "stack" / "profiles.example.yaml"
GOOD = "{id: a, title: A}"
FULL = """
- id: large
  title: Large
  description: For big data
  image: example/notebook:1
  memory: 2G
  memory_guarantee: 1.5G
  cpus: 2
  cpus_guarantee: 0.5
  pids: 100
  constraints: [node.labels.size == large, node.platform.arch==x86_64]
"""


def complaints(text):
    """What is said about a file of profiles."""
    with pytest.raises(ProfilesError) as refused:
        read_profiles(text)
    return refused.value.complaints


def test_a_profile_sets_what_it_says_and_nothing_else():
    (large,) = read_profiles(FULL)

    assert large.traits() == {
        "image": "example/notebook:1",
        "mem_limit": "2G",
        "mem_guarantee": "1.5G",
        "cpu_limit": 2.0,
        "cpu_guarantee": 0.5,
        "pids_limit": 100,
        "extra_placement_spec": {
            "constraints": ["node.labels.size == large", "node.platform.arch==x86_64"]
        },
    }
    assert read_profiles(f"[{GOOD}]")[0].traits() == {}
    assert large.facts == ["2 GB of memory", "2 processors"]


def test_json_is_read_too():
    assert [one.id for one in read_profiles('[{"id": "a", "title": "A"}, {"id": "b", "title": "B"}]')] == ["a", "b"]


def test_the_example_can_be_used_and_its_first_profile_is_the_settings_own():
    profiles = read_profiles(EXAMPLE.read_text(encoding="utf-8"))

    assert [profile.id for profile in profiles] == ["standard", "small", "large"]
    assert profiles[0].traits() == {}


def test_all_complaints_come_together():
    said = "\n".join(complaints("- {id: a, title: A, memmory: 1G}\n- {id: b, memory: much}\n- {id: b, title: B, cpus: two}"))

    for words in ("Profile a has the unknown key memmory", "Profile b has no title", "memory: much, which is no amount",
                  "Profile b has cpus: two", "Profile b stands 2 times"):
        assert words in said


@pytest.mark.parametrize(("key", "value"), [
    ("id", "Large one"), ("id", "1"), ("title", "''"), ("title", "3"), ("description", "[a]"), ("image", "a b"),
    ("memory", "2GB"), ("memory", "1073741824"), ("memory", "1M"), ("memory", "true"), ("cpus", "0"), ("cpus", "-1"),
    ("cpus", "true"), ("cpus", ".inf"), ("cpus", ".nan"), ("pids", "0"), ("pids", "1.5"), ("pids", "yes"),
    ("constraints", "node.role==manager"), ("constraints", "[node.labels.x]"), ("constraints", "[label.x==y]"),
    ("memory_guarantee", "x"), ("cpus_guarantee", "x"),
])
def test_a_value_that_is_none_is_named(key, value):
    entry = {"id": "a", "title": "A", key: value}
    text = "".join(f"  {name}: {given}\n" for name, given in entry.items())
    assert any(key in complaint for complaint in complaints("-" + text[1:]))


@pytest.mark.parametrize(("more", "words"), [
    ("memory: 1G, memory_guarantee: 1025M", "memory_guarantee: 1025M, which is more than its memory (1G)"),
    ("cpus: 1, cpus_guarantee: 1.5", "cpus_guarantee: 1.5, which is more than its cpus (1)"),
])
def test_more_cannot_be_kept_free_than_may_be_taken(more, words):
    assert words in complaints(f"[{{id: a, title: A, {more}}}]")[0]


@pytest.mark.parametrize("text", ["", "a: b", "[]", "[a]", "[", "- id: a\n title: b"])
def test_what_is_no_list_of_profiles_is_refused(text):
    assert len(complaints(text)) == 1


@pytest.mark.parametrize(("amount", "size"), [("1K", 1024), ("1.5G", 3 << 29), ("2T", 2 << 40), ("1", None), ("GG", None)])
def test_amounts_are_powers_of_1024(amount, size):
    assert bytes_in(amount) == size
