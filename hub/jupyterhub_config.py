"""Settings of the hub, each under what follows from it. The operator sets them through stack/stack.env."""

import hashlib
import json
import os
import sys
from pathlib import Path

import aiohttp

c = get_config()
env = os.environ.get
state = Path("/srv/jupyterhub/state")
secrets = Path("/run/secrets")

# -- Where things listen -------------------------------------------------------------------------------------
# The proxy's public port; nginx stands before it and ends TLS.
c.JupyterHub.bind_url = "http://:8000"
# Servers and proxy find the hub under a name that stays the same when its container is replaced. (The
# default is the container's own host name: servers that were started before a restart would report to a hub
# that is gone.)
c.JupyterHub.hub_ip = "0.0.0.0"
c.JupyterHub.hub_connect_ip = "hub"

# Containers come and go, so the hub asks for a name each time it connects; else it would look for a user's
# second server at the first one's address. (By default aiohttp keeps addresses for 10 s, and with aiodns,
# which JupyterHub 6 brings along, for the 600 s that Docker's DNS allows.)
c.JupyterHubHTTPClient.connector_options = {"use_dns_cache": False}
aiohttp.connector.DefaultResolver = aiohttp.ThreadedResolver

# The hub's pages load and send nothing from or to elsewhere, and stand in nobody's frame; an overlay with a logo
# or a service on another host says so here. (Their own scripts stand in the pages. Servers say their own policy.)
content_policy = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "report-uri": "/hub/security/csp-report",
}
c.JupyterHub.tornado_settings = {
    # The token of forms travels over https only, like the cookies of a login (JupyterHub sees to those itself).
    "xsrf_cookie_kwargs": {"secure": True},
    "headers": {"Content-Security-Policy": "; ".join(f"{what} {whom}" for what, whom in content_policy.items())},
}

# -- What a restart must not lose ----------------------------------------------------------------------------
# A stopping hub leaves users' servers alone. (The default takes all of them along.)
c.JupyterHub.cleanup_servers = False
# Users, tokens and running servers.
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
# A newer JupyterHub brings the database to its own form at first start, after copying the file.
c.JupyterHub.upgrade_db = True
# Logins stay valid.
c.JupyterHub.cookie_secret_file = str(secrets / "cookie_secret")
# Encrypted login state stays readable.
c.CryptKeeper.keys = [(secrets / "crypt_key").read_text().strip()]
# The hub can always talk to its proxy.
c.ConfigurableHTTPProxy.auth_token = (secrets / "proxy_token").read_text().strip()
# Not in the state volume: there a new container would find the old one's number and end whatever bears it
# now. /dev/shm is the container's own, and writable also where the root file system is not.
c.ConfigurableHTTPProxy.pid_file = "/dev/shm/jupyterhub-proxy.pid"

# -- Who may log in ------------------------------------------------------------------------------------------
# The default lets in who stands in the secret `users`, each with a password of their own, and who signed up
# and was approved by an admin.
c.JupyterHub.authenticator_class = env("AUTHENTICATOR_CLASS", "sign_up.SignUpAuthenticator")
c.NativeAuthenticator.enable_signup = env("SIGN_UP", "1") == "1"
# Passwords are tried from many addresses at once, and the commonest first.
c.NativeAuthenticator.minimum_password_length = 10
c.NativeAuthenticator.check_common_password = True
# No name is locked after failed logins (allowed_failed_logins): anybody could lock anybody out by it.

# Admins by name. Nobody can sign up under such a name.
c.Authenticator.admin_users = {name.strip() for name in env("ADMIN_USERS", "").split(",") if name.strip()}
# Unless told otherwise that is the first user of `make secrets`; only where the users file counts, since
# elsewhere `admin` may be anybody.
if not c.Authenticator.admin_users:
    c.UsersFileAuthenticator.admin_users = {"admin"}

# -- What a user gets ----------------------------------------------------------------------------------------
c.JupyterHub.spawner_class = env("SPAWNER_CLASS", "swarm_spawner.NotebookSpawner")
c.NotebookSpawner.stack = env("STACK_NAME", "nbi-jupyter-service")
c.NotebookSpawner.extra_labels = json.loads(env("NBI_LABELS", "{}"))
c.NotebookSpawner.image = env("NOTEBOOK_IMAGE", "nbi-jupyter-service/singleuser:latest")
c.NotebookSpawner.network_name = env("NOTEBOOK_NETWORK", "nbi-jupyter-service_notebooks")
# On which nodes servers may run; nothing here: on every one.
c.NotebookSpawner.extra_placement_spec = {"constraints": [where]} if (where := env("NOTEBOOK_PLACEMENT")) else {}
# A server that eats memory is killed alone; its neighbours do not notice.
c.NotebookSpawner.mem_limit = env("NOTEBOOK_MEMORY", "1G")
c.NotebookSpawner.cpu_limit = float(env("NOTEBOOK_CPUS", "1"))
c.NotebookSpawner.pids_limit = int(env("NOTEBOOK_PIDS", "512"))
# What is kept free for each server on its node; a server that no node can keep that for is not started.
c.NotebookSpawner.mem_guarantee = env("NOTEBOOK_MEMORY_GUARANTEE") or None
c.NotebookSpawner.cpu_guarantee = float(env("NOTEBOOK_CPUS_GUARANTEE") or 0)
# Where users' files lie, one volume each; nothing here: on the node's own disk.
volume_options = [option.partition("=") for option in env("NOTEBOOK_VOLUME_OPTIONS", "").split()]
c.NotebookSpawner.volume_driver = env("NOTEBOOK_VOLUME_DRIVER", "")
c.NotebookSpawner.volume_driver_options = {name: value for name, _, value in volume_options}
# The files of a user who is deleted stay for a teacher or a successor, unless the operator wants them gone.
c.NotebookSpawner.delete_volume = env("NOTEBOOK_VOLUME_DELETE", "0") == "1"
# So many servers besides the first, each with a name; all of one user's have the same files.
named_servers = int(env("NAMED_SERVERS", "0"))
c.JupyterHub.allow_named_servers = named_servers > 0
c.JupyterHub.named_server_limit_per_user = named_servers
# A server writes to its user's volume and to /tmp in its memory, so it cannot fill a node's disk by another way.
c.NotebookSpawner.read_only = env("NOTEBOOK_READ_ONLY", "1") == "1"

# -- How long things may take --------------------------------------------------------------------------------
# A server that no node has room for fails after this, with the swarm's reason.
c.NotebookSpawner.placement_grace = float(env("PLACEMENT_GRACE", "30"))
# A server that does not answer fails after this, with what was last seen of it.
c.NotebookSpawner.ready_timeout = float(env("START_TIMEOUT", "120"))
# The hub's own limit says nothing to the user, so it only stands behind ours.
c.Spawner.start_timeout = int(c.NotebookSpawner.ready_timeout) + 60
# A restarted hub stops servers that do not answer it in this time: long enough for a server on a busy node.
c.Spawner.http_timeout = 120
# A server that died is noticed, and its route removed, after at most this.
c.Spawner.poll_interval = 10
# More than this at once are asked to try again; each start loads a node's disk and processors.
c.JupyterHub.concurrent_spawn_limit = int(env("CONCURRENT_SPAWNS", "100"))

# -- Idle servers --------------------------------------------------------------------------------------------
cull_after, cull_every = int(env("CULL_AFTER", "3600")), int(env("CULL_EVERY", "300"))
cull_max_age = int(env("CULL_MAX_AGE", "0"))
activity_interval = int(env("ACTIVITY_INTERVAL", "300"))
# A server reports its last activity this often; while a kernel computes, that is now (see
# singleuser/busy_activity.py).
c.Spawner.environment = {"JUPYTERHUB_ACTIVITY_INTERVAL": str(activity_interval)}
# And takes the hub's word on a login this long (see singleuser/jupyter_server_config.py).
c.Spawner.environment["LOGIN_CACHE"] = env("LOGIN_CACHE", "300")
# The hub keeps reports that are this much newer than the last. (With the default of 30 s, shorter idle times
# misjudge.)
c.JupyterHub.activity_resolution = min(30, activity_interval)
# The pages say when servers are stopped.
c.JupyterHub.template_paths = [str(Path(__file__).parent / "templates")]
c.JupyterHub.template_vars = {"cull_after": cull_after, "cull_max_age": cull_max_age}
if cull_after or cull_max_age:
    # 0 would be taken for "at once". A server of the maximum age is stopped also if it computes.
    limits = [f"--timeout={cull_after or 10**9}", f"--max-age={cull_max_age}", f"--cull-every={cull_every}"]
    culler = [sys.executable, "-m", "jupyterhub_idle_culler", *limits]
    c.JupyterHub.services = [{"name": "culler", "command": culler}]
    # What the culler may do: see who is idle, and stop servers. Not read files, not start, not become a user.
    culler_scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
    c.JupyterHub.load_roles = [{"name": "culler", "scopes": culler_scopes, "services": ["culler"]}]

# -- Who watches ---------------------------------------------------------------------------------------------
# A Prometheus reads /hub/metrics with this token, and can do nothing else with it. (The service is named after its
# token, since JupyterHub would keep a former token valid as long as the service's name stays.)
metrics_token = (secrets / "metrics_token").read_text().strip()
metrics = "metrics-" + hashlib.sha256(metrics_token.encode()).hexdigest()[:8]
c.JupyterHub.services.append({"name": metrics, "api_token": metrics_token})
c.JupyterHub.load_roles.append({"name": "metrics", "scopes": ["read:metrics"], "services": [metrics]})

# -- What overlays of the stack add --------------------------------------------------------------------------
# Each brings a file of its own, which may change anything above.
for part in sorted(Path("/srv/jupyterhub/conf.d").glob("*.py")):
    load_subconfig(str(part))
