"""Who of those that a directory, a provider or a proxy vouches for may come in; mounted by each of these overlays."""

import os

c = get_config()

# Whom the other side knows is not yet whom this service is for: with nothing set here, only ADMIN_USERS come in.
c.Authenticator.allow_all = os.environ["ALLOW_ALL"] == "yes"
c.Authenticator.allowed_users = {name.strip() for name in os.environ["ALLOWED_USERS"].split(",") if name.strip()}
# Who came in by another way, or by an earlier setting, has not been allowed by this one. (With allowed_users set,
# the default lets in every user that the hub's database has ever seen.)
c.Authenticator.allow_existing_users = False
