"""What a notebook's service may take, as the hub was configured."""

from collections.abc import Mapping

UNITS = "KMGT"  # powers of 1024, as JupyterHub reads them


def limits_in(settings: Mapping[str, str]) -> dict[str, int]:
    """The limits that NOTEBOOK_MEMORY, _CPUS and _PIDS of the hub's environment ask for, in the API's words.

    Raises KeyError where one is not set, ValueError where one is no amount.
    """
    return {
        "MemoryBytes": bytes_in(settings["NOTEBOOK_MEMORY"]),
        "NanoCPUs": int(float(settings["NOTEBOOK_CPUS"]) * 10**9),
        "Pids": int(settings["NOTEBOOK_PIDS"]),
    }


def reservations_in(settings: Mapping[str, str]) -> dict[str, int]:
    """What NOTEBOOK_MEMORY_GUARANTEE and _CPUS_GUARANTEE ask to be kept free, in the API's words; empty for nothing."""
    memory, cpus = settings["NOTEBOOK_MEMORY_GUARANTEE"], settings["NOTEBOOK_CPUS_GUARANTEE"]
    found = {"MemoryBytes": bytes_in(memory) if memory else 0, "NanoCPUs": int(float(cpus or 0) * 10**9)}
    return {name: value for name, value in found.items() if value}


def bytes_in(amount: str) -> int:
    """'1.5G' or '4096' in bytes."""
    power = UNITS.find(amount[-1:]) + 1
    return int(float(amount[:-1] if power else amount) * 1024**power)
