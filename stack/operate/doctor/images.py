"""Whether each node has, or can fetch, the images that the next task needs."""

import docker

from stack.operate.doctor.facts import Facts
from stack.operate.doctor.finding import Finding, bad, ok, warn

NAME = "images"


def look(facts: Facts) -> list[Finding]:
    """The images of the services as deployed, and of users' servers as the hub was told."""
    wanted = {}
    for service in facts.services:
        container = service.attrs["Spec"]["TaskTemplate"]["ContainerSpec"]
        wanted[service.name] = container["Image"]
        settings = dict(entry.partition("=")[::2] for entry in container.get("Env") or [])
        if "NOTEBOOK_IMAGE" in settings:
            wanted["users' servers"] = settings["NOTEBOOK_IMAGE"]
    here = {image: has(facts.client, image) for image in wanted.values()}
    others = [node["Description"]["Hostname"] for node in facts.nodes if node["ID"] != facts.info["Swarm"].get("NodeID")]
    fetched = {image: is_in_registry(facts.client, image) for image in here} if others else {}
    return judged(wanted, here, others, fetched)


def has(client: docker.DockerClient, image: str) -> bool:
    """Whether this engine has the image now."""
    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        return False
    return True


def is_in_registry(client: docker.DockerClient, image: str) -> bool:
    """Whether a registry that this engine reaches has the image."""
    try:
        client.images.get_registry_data(image)
    except docker.errors.APIError:
        return False
    return True


def judged(wanted: dict[str, str], here: dict[str, bool], others: list[str], fetched: dict[str, bool]) -> list[Finding]:
    """`wanted`: whose image is which; `here`: this engine has it; `fetched`: a registry has it, asked only for `others`."""
    missing = [(who, image) for who, image in wanted.items() if not here[image] and not fetched.get(image)]
    found = [bad(f"this engine has no image {image} for {who}, and no registry that it reaches has one.",
                 "It was pruned or removed.", "`make deploy` builds it again.") for who, image in missing]
    unfetched = sorted({image for image in wanted.values() if not fetched.get(image)}) if others else []
    if unfetched:
        found.append(warn(f"{', '.join(unfetched)} are in no registry, so {', '.join(others)} cannot fetch them; whether they"
                          " have them cannot be seen through a manager.", "The images were built on this engine only.",
                          "Push them to a registry and name them there (see docs/operating.rst), or load them on each node."))
    where = "in a registry that every node can ask" if others else "on this engine, which is the whole swarm"
    return found or ok(f"{len(wanted)} images, all {where}")
