"""A private swarm of real engines on this machine: the embedded default of acceptance runs."""

__all__ = ["Sandbox"]


def __getattr__(name: str):
    """`Sandbox`, imported when first asked for: `python3 -m acceptance.sandbox.packages` loads without it."""
    if name != "Sandbox":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from acceptance.sandbox.sandbox import Sandbox

    return Sandbox
