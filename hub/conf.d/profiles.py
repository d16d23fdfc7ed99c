"""What stack/profiles.yml adds to the hub's settings: people choose their server on the spawn page."""

from pathlib import Path

from profiles import read_profiles
from spawn_form import SpawnForm

profiles = read_profiles(Path("/srv/jupyterhub/profiles.yaml").read_text(encoding="utf-8"))
# A start that names none, over REST, gets the first.
c.NotebookSpawner.choices = {"profile": {profile.id: profile.traits() for profile in profiles}}
c.NotebookSpawner.options_form = SpawnForm(profiles)
