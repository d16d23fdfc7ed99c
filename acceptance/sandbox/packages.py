"""System packages: which are missing, and their installation on Debian and Ubuntu.

Needs nothing but the standard library, so that a machine without the project's environment can run it:
`python3 -m acceptance.sandbox.packages NAME… | --for acceptance`.
"""

SANDBOX = ()


def ensure(names, say=print) -> None:
    """To come."""
