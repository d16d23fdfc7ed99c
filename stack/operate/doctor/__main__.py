"""`make doctor`: looks at what goes wrong slowly or silently, and says the next step. For cron: `python -m stack.operate.doctor`.

0 where all is well, 1 with a warning, 2 where something is bad, 4 without an engine. (make turns each of them into 2.)
"""

import argparse
import sys
from types import ModuleType

import docker
import requests

from stack.operate import engine
from stack.operate.doctor import (
    certificates,
    clock,
    disk,
    engine_version,
    images,
    kernel,
    leftovers,
    orphans,
    ports,
    secret_files,
    services,
    subnet,
    swarm,
)
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import LEVELS, Finding, bad, worst
from stack.operate.settings import load
from stack.operate.verb import verb

LOOKS = (services, swarm, engine_version, kernel, clock, ports, subnet, disk, images, certificates, secret_files, orphans,
         leftovers)


def looked(look: ModuleType, facts: Facts) -> list[Finding]:
    """What a look found; that it could not look is a finding too, and no reason to leave the others out."""
    try:
        return look.look(facts)
    except (docker.errors.DockerException, requests.RequestException, OSError, ValueError) as error:
        return [bad(f"could not be looked at ({engine.root_cause(error)}).", "The engine refused, or lost its swarm's leader.",
                    "`docker node ls` tells.")]


@verb
def main() -> int:
    """Print a line a finding, and last what all come to. Returns the place of the worst in LEVELS; 4 without an engine."""
    parser = argparse.ArgumentParser(prog="make doctor", description=__doc__)
    parser.add_argument("--quiet", action="store_true", help="only what is not well, for cron's mails")
    quiet = parser.parse_args().quiet
    facts = Facts(engine.manager(), load())
    found = []
    for look in LOOKS:
        findings = looked(look, facts)
        found += findings
        for finding in findings:
            if finding.level != "ok" or not quiet:
                print(finding.line(look.NAME), flush=True)
    code = LEVELS.index(worst(found))
    if code or not quiet:
        print(f"doctor={worst(found).upper()} exit={code}")
    return code


if __name__ == "__main__":
    sys.exit(main())
