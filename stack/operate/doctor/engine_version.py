"""Whether every engine is new enough, and keeps the limits that notebooks are promised."""

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok

NAME = "engine"
ENGINE, API = (20, 10), (1, 41)         # the first with a limit on processes for services
# What `docker info` says of cgroups, and the setting that has no effect without it.
LIMITS = {"MemoryLimit": "NOTEBOOK_MEMORY", "CpuCfsQuota": "NOTEBOOK_CPUS", "PidsLimit": "NOTEBOOK_PIDS"}


def look(facts: Facts) -> list[Finding]:
    """This engine by its own word, the others by what the manager knows of them."""
    versions = {node["Description"]["Hostname"]: node["Description"]["Engine"]["EngineVersion"] for node in facts.nodes}
    return judged(versions, facts.client.version()["ApiVersion"], {limit: facts.info.get(limit, True) for limit in LIMITS})


def judged(versions: dict[str, str], api: str, limits: dict[str, bool]) -> list[Finding]:
    """Engine version by node, this engine's API version, and which limits its kernel keeps."""
    found = [bad(f"node {node} runs engine {version}; {dotted(ENGINE)} is the oldest that can limit processes.",
                 "It was left out of an upgrade.", "Upgrade it: drain it first, `docker node update --availability drain`.")
             for node, version in versions.items() if numbers(version) < ENGINE]
    if numbers(api) < API:
        found.append(bad(f"the engine speaks API {api}, and the hub needs {dotted(API)}.", "It is too old.", "Upgrade it."))
    found += [bad(f"the engine's kernel keeps no limit for {LIMITS[limit]}.", "Its cgroup controller is off.",
                  "`docker info` warns of it too; switch it on at the kernel's command line.")
              for limit, kept in limits.items() if not kept]
    return found or ok(f"{', '.join(sorted(set(versions.values())))}, API {api}; memory, processor and process limits are kept")


def numbers(version: str) -> tuple[int, ...]:
    """(20, 10) of '20.10.24+dfsg1': enough to compare."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


def dotted(version: tuple[int, ...]) -> str:
    """As a person writes it."""
    return ".".join(map(str, version))
