"""Broken stacks on purpose: each proves that a check can fail, and for the reason that it names."""
