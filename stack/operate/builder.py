"""Builds an image on the engine, and brings it to a registry."""

import io
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import docker

from stack.operate import base_image, build_context

PROJECT = "nbi-jupyter-service"

class BuildFailed(Exception):
    """A build or a push that began and did not end well: the step, and the last words of the builder or registry."""


@dataclass(frozen=True)
class Build:
    """One call of the builder: the folder that is its context, the name of what comes of it, and what it is told."""

    folder: Path
    tag: str
    arguments: dict[str, str]
    target: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = build_context.NEVER_SENT   # names of files and folders that are no part of the context

    @property
    def short_name(self) -> str:
        """The name without project and tag."""
        return self.tag.removeprefix(f"{PROJECT}/").partition(":")[0]


def build(client: docker.DockerClient, wanted: Build, extra_ca: Path | None) -> None:
    """Build an image that the engine lacks, by its classic builder, which every engine and client has (no buildx is needed).

    Raises BuildFailed.
    """
    if base_image.has(client, wanted.tag):
        print(f"image {wanted.tag}: up to date", flush=True)
        return
    began, lines = time.monotonic(), []
    print(f"image {wanted.tag}: building", flush=True)
    steps = client.api.build(fileobj=context(wanted, extra_ca), custom_context=True, tag=wanted.tag, target=wanted.target,
                             buildargs=wanted.arguments, rm=True, forcerm=True, decode=True, labels=wanted.labels)
    for event in steps:
        text = event.get("stream", "")
        lines += [text.strip()] if text.strip() else []
        if text.startswith("Step "):
            print(f"  {wanted.short_name}: {text.strip()[:120]}", flush=True)
        if "error" in event:
            raise BuildFailed(f"Building {wanted.tag} failed: {event['error'].strip()}\n    " + "\n    ".join(lines[-15:]))
    print(f"image {wanted.tag}: built in {time.monotonic() - began:.0f} s", flush=True)


def pushed(client: docker.DockerClient, tag: str, registry: str) -> str:
    """The image by its digest in the registry, which every node can pull; layers that are there already are not sent again.

    The docker client's own login is used. Raises BuildFailed with the registry's words.
    """
    repository, _, hashed = f"{registry}/{tag}".rpartition(":")
    client.images.get(tag).tag(repository, hashed)
    digest = ""
    for event in client.images.push(repository, tag=hashed, stream=True, decode=True):
        if "error" in event:
            raise BuildFailed(f"Pushing {repository}:{hashed} failed: {event['error'].strip()}. Does the engine reach REGISTRY,"
                              " by https or as one of its insecure-registries, and does the docker client have a login there?")
        digest = event.get("aux", {}).get("Digest", digest)
    print(f"image {repository}:{hashed}: in the registry", flush=True)
    return f"{repository}@{digest}"


def context(wanted: Build, extra_ca: Path | None) -> io.BytesIO:
    """The folder as a tar with the CA bundle beside it, which is no file of the project and never part of a hash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in build_context.paths(wanted.folder, wanted.left_out):
            tar.add(wanted.folder / path, arcname=path, recursive=False)
        bundle = extra_ca.read_bytes() if extra_ca else b""
        entry = tarfile.TarInfo("extra-ca.crt")
        entry.size = len(bundle)
        tar.addfile(entry, io.BytesIO(bundle))
    buffer.seek(0)
    return buffer
