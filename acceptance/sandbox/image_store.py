"""The images of former trees in an engine's store: without an end they would fill the disk (7 GB after two weeks of work)."""

import time
from collections import defaultdict
from collections.abc import Iterable

from acceptance.sandbox.engine_api import EngineApi

OURS = "nbi-jupyter-service/"
KEPT = 8  # of each name: a day's work goes back and forth between a few trees


def thin_out(engines: Iterable[EngineApi], say) -> None:
    """Remove all but the newest `KEPT` images of each of our names, and say how many went.

    An image that another one is made from stays, nameless, until that one goes. Raises EngineError with an engine's words.
    """
    began, went = time.monotonic(), 0
    for api in engines:
        for tag in former(api.get("/images/json")):
            api.delete(f"/images/{tag}")
            went += 1
    if went:
        say(f"sandbox: {went} images of former trees removed ({time.monotonic() - began:.1f} s)")


def former(images: list[dict]) -> list[str]:
    """Tags of ours, as the engine lists its images, that are older than the newest `KEPT` of their name; oldest first."""
    dated = defaultdict(list)
    for image in images:
        tags = image["RepoTags"] or []
        for tag in [] if any(tag.endswith(":latest") for tag in tags) else tags:
            if tag.startswith(OURS):
                dated[tag.rpartition(":")[0]].append((image["Created"], tag))
    return [tag for _, tag in sorted(old for tags in dated.values() for old in sorted(tags)[:-KEPT])]
