"""A server with a busy kernel counts as active, however silent the computation is.

Jupyter Server dates its last activity by messages, and a long cell that prints nothing sends none: the
culler would stop it in the middle of its work. This extension of Jupyter Server dates it now as long as any
kernel is busy.
"""

import os
from datetime import UTC, datetime

from tornado.ioloop import PeriodicCallback

# Jupyter Server takes the newest of all settings whose names end so (ServerWebApplication.last_activity).
SETTING = "busy_kernel_last_activity"
_SLOWEST = 10.0  # seconds; a look at the kernels' states costs nothing


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "busy_activity"}]


def _load_jupyter_server_extension(server) -> None:
    watch = PeriodicCallback(lambda: note_busy_kernels(server.web_app.settings), 1000 * _interval())
    watch.start()


def note_busy_kernels(settings: dict) -> None:
    """Sets the server's last activity to now if any kernel is busy, else leaves it as it is."""
    kernels = settings["kernel_manager"]
    states = (
        getattr(kernels.get_kernel(one), "execution_state", "starting") for one in kernels.list_kernel_ids()
    )
    if "busy" in states:
        settings[SETTING] = datetime.now(UTC)


def _interval() -> float:
    # Well within the time between two reports to the hub, or a report could miss what has been going on.
    return min(_SLOWEST, int(os.environ.get("JUPYTERHUB_ACTIVITY_INTERVAL", "300")) / 2)
