"""A hub of somebody else's: upstream's SwarmSpawner, and logins from the users file by some lines of their own."""

import os
from pathlib import Path

import bcrypt
from jupyterhub.auth import Authenticator

c = get_config()
env = os.environ
secrets = Path("/run/secrets")

# What every hub of this stack needs: see docs/hub-image-contract.rst.
c.JupyterHub.bind_url = "http://:8000"
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"
c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/state/jupyterhub.sqlite"
c.JupyterHub.upgrade_db = True
c.JupyterHub.cookie_secret_file = str(secrets / "cookie_secret")
c.JupyterHub.cleanup_servers = False
c.ConfigurableHTTPProxy.auth_token = (secrets / "proxy_token").read_text().strip()
c.ConfigurableHTTPProxy.pid_file = "/dev/shm/jupyterhub-proxy.pid"


class CourseAuthenticator(Authenticator):
    """Whoever stands in the users file."""

    async def authenticate(self, handler, data):
        lines = (secrets / "users").read_text().splitlines()
        known = dict(line.rpartition(":")[::2] for line in lines if line and not line.startswith("#"))
        name = self.normalize_username(data["username"])
        right = name in known and bcrypt.checkpw(data["password"].encode(), known[name].encode())
        return name if right else None


c.JupyterHub.authenticator_class = CourseAuthenticator
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"admin"}

c.JupyterHub.spawner_class = "dockerspawner.SwarmSpawner"
c.SwarmSpawner.image = env["NOTEBOOK_IMAGE"]
c.SwarmSpawner.network_name = env["NOTEBOOK_NETWORK"]
c.SwarmSpawner.prefix = env["STACK_NAME"]
# This kernel may have no IP_VS.
c.SwarmSpawner.extra_endpoint_spec = {"mode": "dnsrr"}
