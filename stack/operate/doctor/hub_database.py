"""What the hub's database knows of users and servers, read in the hub's own container by its own configuration.

So it is found whichever database an overlay chose, and no token is needed for it.
"""

from dataclasses import dataclass

ASK = """
import json
from jupyterhub.app import JupyterHub
from sqlalchemy import create_engine, text
hub = JupyterHub()
hub.load_config_file("/srv/jupyterhub/jupyterhub_config.py")
rows = ("select users.name, spawners.name, spawners.server_id from users"
        " left join spawners on spawners.user_id = users.id")
with create_engine(hub.db_url, **hub.db_kwargs).connect() as database:
    print(json.dumps([list(row) for row in database.execute(text(rows))]))
"""


@dataclass(frozen=True)
class Known:
    """All users, and each (user, server) that runs or is starting."""

    users: frozenset[str]
    servers: frozenset[tuple[str, str]]


def read(rows: list[list]) -> Known:
    """Rows of user, server's name and server's id; a server without an id does not run."""
    return Known(frozenset(user for user, _, _ in rows),
                 frozenset((user, server) for user, server, running in rows if running is not None))
