"""Logins against a directory that hold up nobody else: upstream waits for it in the hub's only loop (ldapauthenticator#124)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from ldap3.core.exceptions import LDAPException
from ldapauthenticator import LDAPAuthenticator
from tornado import web
from traitlets import Float

AT_ONCE = 8  # logins; those that a silent directory holds are no one else's threads


class DirectoryAuthenticator(LDAPAuthenticator):
    """Upstream's questions, asked in a thread and for `patience` seconds; what goes wrong is told in words."""

    patience = Float(10, help="Seconds that a person waits for the directory.").tag(config=True)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="directory")

    async def authenticate(self, handler, data):
        """Upstream's answer. Raises HTTPError 503 where the directory is silent, or is not the right one."""
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(self._threads, lambda: asyncio.run(LDAPAuthenticator.authenticate(self, handler, data)))
        try:
            return await asyncio.wait_for(asked, self.patience)
        except (LDAPException, TimeoutError) as error:
            what = str(error) or f"no answer within {self.patience:.0f} s"
            self.log.error("The directory %s:%s cannot be asked: %s", self.server_address, self.server_port, what)
            raise web.HTTPError(503, "The directory that knows your password cannot be asked just now.") from error
