"""Logins at an OAuth 2 or OpenID Connect provider (stack/oauth.yml). What each setting means stands in stack/stack.env."""

import os
from pathlib import Path

c = get_config()
env = os.environ

c.JupyterHub.authenticator_class = "oauthenticator.generic.GenericOAuthenticator"
c.GenericOAuthenticator.login_service = env["OAUTH_NAME"]
c.GenericOAuthenticator.authorize_url = env["OAUTH_AUTHORIZE_URL"]
c.GenericOAuthenticator.token_url = env["OAUTH_TOKEN_URL"]
c.GenericOAuthenticator.userdata_url = env["OAUTH_USERDATA_URL"]
c.GenericOAuthenticator.client_id = env["OAUTH_CLIENT_ID"]
c.GenericOAuthenticator.client_secret = Path("/run/secrets/oauth_client_secret").read_text().strip()
c.GenericOAuthenticator.scope = env["OAUTH_SCOPE"].split()
c.GenericOAuthenticator.username_claim = env["OAUTH_USERNAME_CLAIM"]

# Where the provider sends people back to: the first of SERVER_NAMES. Without one it is the address that they typed,
# and the provider refuses any but the one that it has on its list.
names = [name.strip() for name in env["SERVER_NAMES"].split(",") if name.strip()]
if names:
    port = "" if env["HTTPS_PORT"] == "443" else f":{env['HTTPS_PORT']}"
    c.GenericOAuthenticator.oauth_callback_url = f"https://{names[0]}{port}/hub/oauth_callback"

# -- Who may come in, beside conf.d/allowed.py ---------------------------------------------------------------
groups = {name.strip() for name in env["ALLOWED_GROUPS"].split(";") if name.strip()}
if groups:
    # The provider's word counts anew at each login, so that who has left a group stays outside.
    c.Authenticator.manage_groups = True
    c.GenericOAuthenticator.auth_state_groups_key = f"oauth_user.{env['OAUTH_GROUPS_CLAIM']}"
    c.GenericOAuthenticator.allowed_groups = groups
