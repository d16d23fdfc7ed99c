"""Amounts are read as JupyterHub reads them."""

import pytest

from acceptance.harness.cluster.limits import bytes_in, limits_in


@pytest.mark.parametrize(
    ("amount", "size"), [("4096", 4096), ("1K", 1024), ("1.5M", 3 << 19), ("1G", 1 << 30), ("2T", 2 << 40)]
)
def test_an_amount_of_memory_is_read(amount, size):
    assert bytes_in(amount) == size


@pytest.mark.parametrize("amount", ["", "G", "much"])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="could not convert"):
        bytes_in(amount)


def test_limits_are_those_of_the_settings():
    settings = {"NOTEBOOK_MEMORY": "768M", "NOTEBOOK_CPUS": "0.5", "NOTEBOOK_PIDS": "300"}
    assert limits_in(settings) == {"MemoryBytes": 768 << 20, "NanoCPUs": 5 * 10**8, "Pids": 300}
