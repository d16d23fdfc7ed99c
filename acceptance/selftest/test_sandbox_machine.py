"""The proof of "nothing is left" can go red, by what came and by what went."""

import pytest

from acceptance.harness.errors import StackError
from acceptance.sandbox import machine


def test_the_same_machine_is_no_complaint():
    machine.compare({"link": {"lo"}}, {"link": {"lo"}})


def test_what_came_and_what_went_are_both_told():
    with pytest.raises(StackError, match="link came: nbi-1a2b-1; sysctl went: ip_forward = 0"):
        machine.compare(
            {"link": set(), "sysctl": {"ip_forward = 0"}}, {"link": {"nbi-1a2b-1"}, "sysctl": set()}
        )


def test_a_line_of_another_sandbox_is_not_looked_at():
    lines = ["lo", "nbi-1a2b-1", "nbi-ffff-1"]
    assert machine.lines_about("nbi-1a2b-", lines) == ["lo", "nbi-1a2b-1"]
