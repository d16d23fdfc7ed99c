"""The form on which people choose their server; the hub's page around it has the button."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from profiles import Profile

# Profiles are text that the operator wrote, and nothing in it is markup.
PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class SpawnForm:
    """An `options_form` of JupyterHub: called with the spawner, it gives the form's inside as HTML."""

    def __init__(self, profiles: list[Profile]):
        self.profiles = profiles

    def __call__(self, spawner) -> str:
        last = spawner.user_options.get("profile")
        chosen = last if last in [profile.id for profile in self.profiles] else self.profiles[0].id
        return PAGES.get_template("spawn_form.html").render(profiles=self.profiles, chosen=chosen)
