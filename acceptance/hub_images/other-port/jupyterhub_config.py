"""All as the stack says, but for the port."""

c = get_config()

load_subconfig("/srv/jupyterhub/stack_config.py")

c.JupyterHub.bind_url = "http://:8888"
