"""A private swarm of real engines on this machine: the embedded default of acceptance runs."""

from acceptance.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
