"""The acceptance harness: it stands the stack up, uses it as people do, and gives a verdict."""
