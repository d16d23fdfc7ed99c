"""A hub of somebody else's: jhub-swarmspawner, and its HeaderAuthenticator behind the institution's proxy."""

import os
from pathlib import Path

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

c.JupyterHub.authenticator_class = "jhubauthenticators.HeaderAuthenticator"
c.HeaderAuthenticator.allowed_headers = {"auth": env.get("TRUSTED_HEADER", "X-Remote-User")}
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"admin"}

c.JupyterHub.spawner_class = "jhub.SwarmSpawner"
c.SwarmSpawner.jupyterhub_service_name = "hub"
c.SwarmSpawner.service_prefix = env["STACK_NAME"]
c.SwarmSpawner.networks = [env["NOTEBOOK_NETWORK"]]
# This kernel may have no IP_VS.
c.SwarmSpawner.images = [{"name": "notebook", "image": env["NOTEBOOK_IMAGE"], "endpoint_spec": {"mode": "dnsrr"}}]
c.SwarmSpawner.container_spec = {"env": {}}
