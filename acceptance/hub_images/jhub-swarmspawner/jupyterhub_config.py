"""A hub of somebody else's: jhub-swarmspawner, and its HeaderAuthenticator behind the institution's proxy."""

import hmac
import os
from pathlib import Path

from jhubauthenticators import HeaderAuthenticator, HeaderLoginHandler

c = get_config()
env = os.environ
secrets = Path("/run/secrets")
HEADER = "X-Edge-User"

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



class EdgeAuthenticator(HeaderAuthenticator):
    """Theirs, at the page that nginx tells names to, and for who has nginx's proof."""

    auto_login = True

    def login_url(self, base_url):
        return f"{base_url}header_login"

    def get_handlers(self, app):
        return [("/header_login", HeaderLoginHandler)]

    async def authenticate(self, handler, data):
        proof = f"Edge {(secrets / 'edge_secret').read_text().strip()}"
        is_proved = hmac.compare_digest(data.get("Authorization", "").encode(), proof.encode())
        name = data.get(HEADER, "").encode("latin-1").decode("utf-8", "replace")
        return await super().authenticate(handler, {HEADER: name} if is_proved else {})


c.JupyterHub.authenticator_class = EdgeAuthenticator
c.HeaderAuthenticator.allowed_headers = {"auth": HEADER}
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"admin"}

c.JupyterHub.spawner_class = "jhub.SwarmSpawner"
c.SwarmSpawner.jupyterhub_service_name = "hub"
c.SwarmSpawner.service_prefix = env["STACK_NAME"]
c.SwarmSpawner.ip = "0.0.0.0"
c.SwarmSpawner.port = 8888
c.SwarmSpawner.networks = [env["NOTEBOOK_NETWORK"]]
# This kernel may have no IP_VS.
c.SwarmSpawner.images = [{"name": "notebook", "image": env["NOTEBOOK_IMAGE"], "endpoint_spec": {"mode": "dnsrr"}}]
c.SwarmSpawner.container_spec = {"env": {}}
