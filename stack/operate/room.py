"""Room on a disk, as `df` in a container tells it: the engine may be another machine, and its folders another's to read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """Bytes of a disk."""

    size: int
    free: int

    def __str__(self) -> str:
        return f"{self.free / 10**9:.1f} of {self.size / 10**9:.1f} GB free"


def room_of(said: str | None) -> Room | None:
    """From the last line of `df -Pk`; None where that was not said."""
    fields = said.strip().splitlines()[-1].split() if said and said.strip() else []
    return Room(int(fields[1]) * 1024, int(fields[3]) * 1024) if len(fields) > 4 and fields[1].isdecimal() else None
