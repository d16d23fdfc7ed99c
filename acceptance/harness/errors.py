"""What can go wrong, told apart by whose fault it is: the stack's, the engine's, or the settings'.

Every message gives the fact with its values, the likely cause, and the next step.
"""

from collections.abc import Iterable


class StackError(Exception):
    """The stack was asked and did not keep its word; in the body of a check this is a FAIL."""


class EngineError(Exception):
    """The engine (or a tool in front of it) could not be asked; always an ERROR, never a FAIL."""


class SettingsError(Exception):
    """What the caller gave cannot be worked with: all complaints together, exit code 4."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = [complaints] if isinstance(complaints, str) else list(complaints)
        super().__init__("\n".join(self.complaints))


class Absent(Exception):
    """A capability that was looked for and is not there: the only way to a SKIP.

    `capability` is one of the check's `needs`; `measured` says what was asked and what it answered.
    """

    def __init__(self, capability: str, measured: str) -> None:
        if not measured.strip():
            raise ValueError(
                f"{capability} is called absent without a measurement: say what was asked and seen"
            )
        self.capability, self.measured = capability, measured
        super().__init__(f"no {capability}: {measured}")
