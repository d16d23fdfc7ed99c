"""Names the plugin and the fixture modules, and nothing else."""

FIXTURES = (
    "engine",
    "docker_tls",
    "witnesses",
    "judged_stack",
    "stack",
    "farewells",
    "guests",
    "people",
    "residents",
    "changes",
    "searches",
    "watching",
    "insider",
    "directory",
    "provider",
    "front_door",
    "ways_in",
    "choices",
    "losses",
    "volumes",
    "databases",
    "intruders",
    "updates",
    "auditor",
    "logbook",
)

pytest_plugins = ["acceptance.plugin", *(f"acceptance.fixtures.{name}" for name in FIXTURES)]
