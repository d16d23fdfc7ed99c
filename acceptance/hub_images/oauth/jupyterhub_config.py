"""Everybody signs in at the institution's provider, as this image has it; all else is as the stack says."""

import os
from pathlib import Path

c = get_config()
env = os.environ.get

load_subconfig("/srv/jupyterhub/stack_config.py")

secret = Path("/run/secrets/oauth_client_secret")
c.JupyterHub.authenticator_class = "oauthenticator.generic.GenericOAuthenticator"
c.GenericOAuthenticator.login_service = "the university"
c.GenericOAuthenticator.authorize_url = env("OAUTH_AUTHORIZE_URL", "")
c.GenericOAuthenticator.token_url = env("OAUTH_TOKEN_URL", "")
c.GenericOAuthenticator.userdata_url = env("OAUTH_USERDATA_URL", "")
c.GenericOAuthenticator.client_id = env("OAUTH_CLIENT_ID", "")
c.GenericOAuthenticator.client_secret = secret.read_text().strip() if secret.exists() else ""
c.GenericOAuthenticator.scope = ["openid", "profile"]
c.GenericOAuthenticator.username_claim = "preferred_username"
c.Authenticator.manage_groups = True
c.GenericOAuthenticator.auth_state_groups_key = "oauth_user.groups"
c.GenericOAuthenticator.allowed_groups = {env("ALLOWED_GROUPS", "")}
c.Authenticator.admin_users = {"admin"}
