"""Faults that are made up for a selftest: what any good one has, and what differs. Selftests only."""

import yaml

from acceptance.faults.fault import load

FAULT = {
    "story": "s",
    "source": "s",
    "patch": {"delete": ["x"]},
    "kills": "edge-hub",
    "words": ["502"],
    "benign": False,
}
BENIGN = {"kills": None, "words": [], "benign": True}


def made_in(folder):
    """fault("broken", words=["x"]): writes a fault's file into the folder, and reads it."""

    def make(name="broken", **changes):
        path = folder / f"{name}.yaml"
        path.write_text(yaml.safe_dump({"id": name, **FAULT, **changes}))
        return load(path)

    return make
