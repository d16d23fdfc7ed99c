"""An image is called by the name that a person knows it by."""

from types import SimpleNamespace

import pytest

from acceptance.harness.cluster.image import Image

TAGS = ["far.example:5000/nbi/hub:abc", "nbi/hub:latest", "nbi/hub:abc"]


@pytest.mark.parametrize(("named", "told"), [
    ("sha256:1", "nbi/hub:abc"), ("nbi/hub:latest", "nbi/hub:abc"),
    ("far.example:5000/nbi/hub:latest", "far.example:5000/nbi/hub:abc"),
])
def test_an_image_is_called_as_it_was_named_wherever_else_it_was_pushed(named, told):
    client = SimpleNamespace(images=SimpleNamespace(get=lambda name: SimpleNamespace(attrs={"RepoTags": TAGS})))
    assert Image(SimpleNamespace(client=client), named).tag == told
