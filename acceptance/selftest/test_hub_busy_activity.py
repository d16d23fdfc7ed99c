"""A busy kernel is activity, an idle one is not."""

from datetime import UTC, datetime
from types import SimpleNamespace

import busy_activity
import pytest


class Kernels:
    """A kernel manager with kernels in these states."""

    def __init__(self, *states):
        self.kernels = dict(
            enumerate(SimpleNamespace(**({"execution_state": s} if s else {})) for s in states)
        )

    def list_kernel_ids(self):
        return list(self.kernels)

    def get_kernel(self, kernel_id):
        return self.kernels[kernel_id]


@pytest.mark.parametrize("states", [["busy"], ["idle", "busy"], [None, "busy"]])
def test_a_busy_kernel_is_activity_now(states):
    settings = {"kernel_manager": Kernels(*states)}
    before = datetime.now(UTC)

    busy_activity.note_busy_kernels(settings)

    assert settings[busy_activity.SETTING] >= before


@pytest.mark.parametrize("states", [[], ["idle"], ["starting"], [None]])
def test_no_busy_kernel_leaves_the_activity_as_it_was(states):
    settings = {"kernel_manager": Kernels(*states), busy_activity.SETTING: "before"}

    busy_activity.note_busy_kernels(settings)

    assert settings[busy_activity.SETTING] == "before"


def test_the_name_is_one_that_jupyter_server_counts():
    """Source: jupyter_server.serverapp.ServerWebApplication.last_activity."""
    assert busy_activity.SETTING.endswith("_last_activity")


def test_it_looks_more_often_than_the_server_reports(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_ACTIVITY_INTERVAL", "2")

    assert busy_activity._interval() == 1
