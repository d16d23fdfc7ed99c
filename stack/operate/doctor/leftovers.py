"""What former stacks, contents and images left behind."""

from stack.operate import deploy
from stack.operate.builder import PROJECT
from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, ok, warn
from stack.operate.stack_objects import NAMESPACE, NOTEBOOK

NAME = "leftovers"
GB = 10**9
MUCH = 20 * GB                  # of former images


def look(facts: Facts) -> list[Finding]:
    """Other stacks' notebooks without a hub, configs and secrets of former contents, former images of ours."""
    label = {"label": NOTEBOOK}
    stacks = facts.client.services.list(filters={"label": NAMESPACE})
    standing = {service.attrs["Spec"]["Labels"][NAMESPACE] for service in stacks}
    forsaken = [service.name for service in facts.client.services.list(filters=label)
                if service.attrs["Spec"]["Labels"][NOTEBOOK] not in standing]
    kept: dict[str, int] = {}
    for volume in facts.client.volumes.list(filters=label):
        stack = volume.attrs["Labels"][NOTEBOOK]
        if stack not in standing:
            kept[stack] = kept.get(stack, 0) + 1
    unused = [thing.name for thing in deploy.unused(facts.client, facts.settings)] if facts.services else []
    return judged(forsaken, kept, unused, former_images(facts))


def former_images(facts: Facts) -> dict[str, int]:
    """Images of ours (name -> bytes that no other image shares) that neither a service, a container nor `:latest` names."""
    used = {container["ImageID"] for container in facts.client.api.containers(all=True)}
    specs = [service.attrs["Spec"]["TaskTemplate"]["ContainerSpec"] for service in [*facts.services, *facts.notebooks]]
    named = {spec["Image"] for spec in specs} | {entry.partition("=")[2] for spec in specs for entry in spec.get("Env") or []
                                                 if entry.startswith("NOTEBOOK_IMAGE=")}
    # Only the look at the whole disk tells what is shared: 65 images of "26 GB" were in a store of 7.
    return {tags[0]: image["Size"] - image["SharedSize"] for image in facts.client.df()["Images"] if image["Id"] not in used
            and (tags := [tag for tag in image["RepoTags"] or [] if tag.startswith(f"{PROJECT}/")])
            and not named & {image["Id"], *tags} and not any(tag.endswith(":latest") for tag in tags)
            and not tags[0].startswith(f"{PROJECT}/base:")}


def judged(forsaken: list[str], kept: dict[str, int], unused: list[str], former: dict[str, int]) -> list[Finding]:
    """`forsaken`: servers without a hub; `kept`: volumes by removed stack; `unused`: configs, secrets."""
    found = []
    if forsaken:
        found.append(warn(f"{len(forsaken)} servers run whose hub is gone: {', '.join(sorted(forsaken)[:5])}.",
                          "`docker stack rm` was used, which knows nothing of them.",
                          "`make remove STACK_NAME=…` takes them too, or `docker service rm`."))
    if unused:
        found.append(warn(f"{len(unused)} configs and secrets of former contents: {', '.join(sorted(unused)[:5])}.",
                          "A deploy was interrupted, or done without make.", "`make deploy` removes them."))
    size = sum(former.values())
    if size > MUCH:
        found.append(warn(f"{len(former)} former images of ours take {size / GB:.1f} GB or more.",
                          "Each change of what they are made from makes a new one.",
                          f"`docker image rm {' '.join(sorted(former)[:3])}`, and so on, frees it."))
    notes = [f"{number} volumes of users of {stack}, which is not deployed" for stack, number in sorted(kept.items())]
    notes += [f"{len(former)} former images ({size / GB:.1f} GB)"] if former else []
    return found or ok(f"none{'; kept: ' + '; '.join(notes) if notes else ''}")
