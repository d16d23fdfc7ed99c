"""A failed spawn, told so that the user reads why."""

from tornado import web

try:
    from jupyterhub.spawner import SpawnException
except ImportError:

    class SpawnException(web.HTTPError):
        """What JupyterHub 6 has: its message is shown; 5.5 has no such label in its metrics. Deleted here with 5.5."""

        def __init__(self, message: str, *, reason: str, status_code: int = 500):
            super().__init__(status_code, message)


class SpawnFailure(SpawnException):
    """Fails a spawn with `message` on the user's page, however fast or slow the failure came.

    JupyterHub shows a failure in three places: the page that asked (failures under a second; only
    `HTTPError` passes with its message), the progress stream (`str(error)` unless `jupyterhub_message` is
    set) and the page after a reload (only `jupyterhub_message`). `reason` labels the hub's metrics;
    'timeout' and 'error' have stock texts there and are not used.
    """

    def __init__(self, message: str, *, reason: str, status_code: int = 500):
        super().__init__(message, reason=reason, status_code=status_code)
        self.jupyterhub_message = message
