"""Taking down what nobody uses any more, and saying what was left alone."""

from pathlib import Path

from acceptance.sandbox import leftovers
from acceptance.sandbox.slot import Slot, known_slots


def everything(cache: Path, also_in_use: bool) -> list[str]:
    """Take down each slot under `cache` that has anything; one in a living run's use only if `also_in_use`.

    Returns a line for each slot that had something. Raises EngineError with what would not go.
    """
    lines = [line for slot in known_slots(cache) if (line := _one(slot, also_in_use))]
    return lines or ["no sandbox is up and nothing is left of one"]


def _one(slot: Slot, also_in_use: bool) -> str | None:
    is_ours = slot.try_lock()
    try:
        left = leftovers.left_of(slot)
        if not left:
            return None
        if not is_ours and not also_in_use:
            return f"slot-{slot.number} is in use by a living run and was left alone (`down --all` ends it)"
        leftovers.remove(slot)
        return (
            f"slot-{slot.number} is down, {len(left)} processes, cgroups, links and folders; its images stay"
        )
    finally:
        slot.release()
