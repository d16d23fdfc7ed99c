"""Hub settings of stack/proxy.yml: the proxy is a service of its own."""

# The hub neither starts nor stops it; at its own start it finds the routes that are there, and leaves them.
c.ConfigurableHTTPProxy.should_start = False
# A name on one network only: not the notebooks'. Guarded by the token that both read from the same secret.
c.ConfigurableHTTPProxy.api_url = "http://proxy-api:8001"

# A proxy that was replaced knows no server. The hub compares routes this often, and tells it. (By default
# every 300 s, for which users' servers would answer nobody.)
c.JupyterHub.last_activity_interval = 10
