"""Which images a sandbox's engine forgets when it starts."""

from acceptance.sandbox.image_store import KEPT, former


def image(created: int, *tags: str) -> dict:
    return {"Created": created, "RepoTags": list(tags) or None}


def hubs(number: int) -> list[dict]:
    return [image(day, f"nbi-jupyter-service/hub:{day:012x}") for day in range(number)]


def test_the_oldest_of_each_name_go_first():
    images = [*reversed(hubs(KEPT + 2)), image(1, "nbi-jupyter-service/nginx:1"), image(0)]
    assert former(images) == ["nbi-jupyter-service/hub:000000000000", "nbi-jupyter-service/hub:000000000001"]


def test_what_is_latest_or_not_ours_stays():
    latest = image(0, "nbi-jupyter-service/hub:00000000000a", "nbi-jupyter-service/hub:latest")
    others = [image(day, f"somebody/else:{day}") for day in range(KEPT + 5)]
    assert former([latest, *others, *hubs(KEPT)]) == []
