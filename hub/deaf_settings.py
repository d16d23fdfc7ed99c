"""Upstream's settings for containers that mean nothing to a service: silence about them would mislead."""

DEAF = (
    "volumes",
    "read_only_volumes",
    "extra_host_config",
    "extra_create_kwargs",
    "extra_endpoint_spec",
    "allowed_images",
)


def deaf_settings(spawner) -> str:
    """Those that are set all the same, in words for the log; empty for none."""
    found = ", ".join(trait for trait in DEAF if getattr(spawner, trait))
    return f"Without effect on a swarm: {found}. Use extra_container_spec and choices." if found else ""
