"""Settings of users' servers, each under what follows from it."""

import os

try:
    from jupyterhub.httpclient import JupyterHubHTTPClient
except ImportError:
    # JupyterHub 5.5 asks by tornado, which asks for an address each time.
    JupyterHubHTTPClient = None

c = get_config()

# What a user deletes is gone at once: a trash folder would fill the volume, with nobody seeing why.
c.FileContentsManager.delete_to_trash = False

# What the hub says of a login counts this long. (And longer where the hub is away: remembered_logins.py.)
c.HubAuth.cache_max_age = int(os.environ.get("LOGIN_CACHE", "300"))

# As in the hub: the token of forms travels over https only.
c.ServerApp.tornado_settings = {"xsrf_cookie_kwargs": {"secure": True}}

# A hub that was replaced has a new address: ask for it at each connection, not after 10 s. (Set on the
# class, because the single-user server hands this client no configuration.)
if JupyterHubHTTPClient:
    JupyterHubHTTPClient.connector_options.default_args = ({"use_dns_cache": False},)
