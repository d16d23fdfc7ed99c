"""Logins that the institution's proxy in front of ours has done already (stack/header.yml)."""

from pathlib import Path

c = get_config()

c.JupyterHub.authenticator_class = "header_authenticator.HeaderAuthenticator"
# nginx has the same one. Notebooks reach the hub past nginx, and do not know it.
c.HeaderAuthenticator.secret = Path("/run/secrets/edge_secret").read_text().strip()
