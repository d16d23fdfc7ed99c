"""Names the plugin and the fixture modules, and nothing else."""

pytest_plugins = ["acceptance.plugin"]
