"""Profiles: what people may choose from on the spawn page, as an operator wrote it into a file.

Read by the hub, and by `make deploy` before it deploys: so nothing of the hub is imported here.
"""

import re
from dataclasses import dataclass, field, fields

import yaml

AMOUNT = re.compile(r"\d+(\.\d+)?[KMGT]")  # JupyterHub takes no bare number as text
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
IMAGE = re.compile(r"[A-Za-z0-9][\w./:@-]*")
# What swarm understands as a placement constraint.
CONSTRAINT = re.compile(
    r"(node\.(id|hostname|ip|role|platform\.(os|arch)|labels\.[\w.-]+)|engine\.labels\.[\w.-]+) *(==|!=) *\S+"
)
LEAST_MEMORY = 4 << 20  # swarm takes no less


@dataclass(frozen=True)
class Profile:
    """One choice. What it does not say is as the hub's settings have it (NOTEBOOK_MEMORY, …)."""

    id: str
    title: str
    description: str = ""
    image: str = ""
    memory: str = ""
    memory_guarantee: str = ""
    cpus: float = 0
    cpus_guarantee: float = 0
    pids: int = 0
    constraints: list[str] = field(default_factory=list)

    def traits(self) -> dict:
        """The traits of a spawner that this choice sets."""
        found = {
            "image": self.image,
            "mem_limit": self.memory,
            "mem_guarantee": self.memory_guarantee,
            "cpu_limit": float(self.cpus),
            "cpu_guarantee": float(self.cpus_guarantee),
            "pids_limit": self.pids,
            "extra_placement_spec": {"constraints": self.constraints} if self.constraints else {},
        }
        return {trait: value for trait, value in found.items() if value}

    @property
    def facts(self) -> list[str]:
        """What the profile says of the server's size, in a few words each."""
        count = f"{self.cpus:g} {'processor' if self.cpus == 1 else 'processors'}"
        found = {f"{self.memory[:-1]} {self.memory[-1:]}B of memory": self.memory, count: self.cpus}
        return [words for words, given in found.items() if given]


class ProfilesError(ValueError):
    """A file of profiles that cannot be used. `complaints` are whole sentences, all of them."""

    def __init__(self, complaints: list[str]):
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def read_profiles(text: str) -> list[Profile]:
    """The profiles of a file (YAML, so JSON too), in its order. Raises ProfilesError with every complaint."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ProfilesError([f"The profiles are not YAML ({' '.join(str(error).split())})."]) from error
    if not isinstance(data, list) or not data or not all(isinstance(entry, dict) for entry in data):
        raise ProfilesError(["The profiles are to be a list, each with an id and a title."])
    complaints = [f"{_called(entry)} {why}." for entry in data for why in _faults_of(entry)]
    complaints += [f"Profile {name} stands {count} times: each id once." for name, count in _twice(data)]
    if complaints:
        raise ProfilesError(complaints)
    return [Profile(**entry) for entry in data]


def bytes_in(amount: str) -> int | None:
    """'1.5G' in bytes; None if it is no amount."""
    if not AMOUNT.fullmatch(amount):
        return None
    return int(float(amount[:-1]) * 1024 ** ("KMGT".index(amount[-1]) + 1))


def memory_fault(amount: str) -> str:
    """Why this cannot be a server's memory; empty if it can."""
    size = bytes_in(amount)
    if size is None:
        return "is no amount of memory: write 512M or 2G"
    return "" if size >= LEAST_MEMORY else "is less than the 4M that swarm takes: write 512M or 2G"


def _called(entry: dict) -> str:
    return f"Profile {entry.get('id') or entry.get('title') or '?'}"


def _twice(data: list[dict]) -> list[tuple[str, int]]:
    ids = [str(entry.get("id")) for entry in data if entry.get("id")]
    return [(name, ids.count(name)) for name in dict.fromkeys(ids) if ids.count(name) > 1]


def _faults_of(entry: dict) -> list[str]:
    known = [each.name for each in fields(Profile)]
    found = [f"has the unknown key {key}: known are {', '.join(known)}" for key in entry if key not in known]
    found += [f"has no {name}" for name in ("id", "title") if not entry.get(name)]
    for name, value in entry.items():
        if name in _RULES and (why := _RULES[name](value)):
            found.append(f"has {name}: {value}, which {why}")
    return found or _promises_too_much(entry)


def _promises_too_much(entry: dict) -> list[str]:
    sizes = {"memory": bytes_in, "cpus": float}
    return [
        f"has {name}_guarantee: {entry[f'{name}_guarantee']}, which is more than its {name} ({entry[name]})"
        for name, size in sizes.items()
        if {name, f"{name}_guarantee"} <= entry.keys() and size(entry[f"{name}_guarantee"]) > size(entry[name])
    ]


def _text(value) -> str:
    return "" if isinstance(value, str) and value.strip() else "is no text"


def _number(value) -> str:
    is_one = type(value) in (int, float) and 0.001 <= value <= 10_000  # swarm takes no less
    return "" if is_one else "is no number of processors: write 0.5 or 2"


def _matching(pattern: re.Pattern, why: str):
    return lambda value: "" if isinstance(value, str) and pattern.fullmatch(value) else why


def _constraints(value) -> str:
    listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if listed and all(CONSTRAINT.fullmatch(each) for each in value):
        return ""
    return "is no list of constraints: write [node.labels.size == large]"


_RULES = {
    "id": _matching(ID, "is no id: up to 32 of a-z, 0-9 and -"),
    "title": _text,
    "description": _text,
    "image": _matching(IMAGE, "is no image: write name:tag, or name@sha256:…"),
    "memory": lambda value: memory_fault(str(value)),
    "memory_guarantee": lambda value: memory_fault(str(value)),
    "cpus": _number,
    "cpus_guarantee": _number,
    "pids": lambda value: "" if type(value) is int and value > 0 else "is no number of processes: write 512",
    "constraints": _constraints,
}
