"""An image of the operator's own: by a name, as a tar, as a folder; what cannot be one is refused before anything is made."""

import tarfile
from types import SimpleNamespace

import docker
import pytest

from acceptance.harness.settings import gather
from acceptance.selftest.operate_engine import Docker
from stack.operate import builder, given_image, images
from stack.operate import settings as operate

NAME = "HUB_IMAGE"


@pytest.fixture
def folder(tmp_path):
    """A folder that builds upon two images of ours."""
    made = tmp_path / "my-hub"
    made.mkdir()
    (made / "Dockerfile").write_text("ARG BASE_IMAGE\nARG HUB_IMAGE=x\nARG PIP_INDEX\nFROM ${HUB_IMAGE}\nCOPY config.py /srv/\n")
    (made / "config.py").write_text("a = 1\n")
    return made


def test_what_is_there_is_taken(tmp_path, folder):
    (tmp_path / "image.tar").touch()
    with tarfile.open(tmp_path / "image.tar", "w"):
        pass
    for value in ("mine:1", str(folder), str(tmp_path / "image.tar")):
        assert given_image.complaint(Docker(images=["mine:1"]), NAME, value) == ""


@pytest.mark.parametrize(("value", "said"), [
    ("mine:2", "no such image on this engine, nor in a registry that it reaches (no such host)"),
    ("{here}/empty", "has no Dockerfile to build it by"),
    ("{here}/words.txt", "is no folder with a Dockerfile, and no tar"),
    ("{here}/nothing", "is no folder with a Dockerfile, and no tar"),
])
def test_what_cannot_be_an_image_is_refused_in_words(tmp_path, value, said):
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.txt").write_text("not a tar")
    complaint = given_image.complaint(Docker(), NAME, value.format(here=tmp_path))
    assert complaint.startswith(f"{NAME}={value.format(here=tmp_path)}: ")
    assert said in complaint


def test_a_folder_is_told_those_images_that_its_dockerfile_asks_for(folder):
    assert given_image.arguments(folder) == {"BASE_IMAGE", "HUB_IMAGE"}


def test_a_changed_file_or_another_image_below_gives_the_folders_image_another_name(folder):
    first = given_image.tag_of(NAME, folder, {"HUB_IMAGE": "sha256:1"})
    assert first == given_image.tag_of(NAME, folder, {"HUB_IMAGE": "sha256:1"})
    assert first.startswith("nbi-jupyter-service/given-hub:")
    assert first != given_image.tag_of(NAME, folder, {"HUB_IMAGE": "sha256:2"})
    (folder / "config.py").write_text("a = 2\n")
    assert first != given_image.tag_of(NAME, folder, {"HUB_IMAGE": "sha256:1"})


@pytest.mark.parametrize("count", [0, 2])
def test_a_tar_of_no_image_or_of_several_is_refused(tmp_path, count):
    (tmp_path / "image.tar").write_bytes(b"x" * 10)
    client = SimpleNamespace(images=SimpleNamespace(load=lambda pieces: [*pieces] and [SimpleNamespace(tags=["a"])] * count))
    with pytest.raises(docker.errors.DockerException, match=f"holds {count} images"):
        given_image.load(client, tmp_path / "image.tar")


def test_a_folders_image_is_built_upon_ours_and_named_instead_of_ours(folder, monkeypatch):
    values = operate.read(operate.STACK_FILE.with_name("stack.env")) | {NAME: str(folder), "SECRETS_DIR": "/nowhere"}
    monkeypatch.setattr(images.base_image, "find", lambda client, wanted: "base:1")
    monkeypatch.setattr(images, "ensure", lambda client, recipe, base, settings: f"ours/{recipe.name}")
    begun = []
    monkeypatch.setattr(images, "build", lambda client, wanted, ca: begun.append(wanted))
    names = ["base:1", *(f"ours/{recipe}" for recipe in images.RECIPES)]
    built = images.built(Docker(images=names), operate.Settings(values))
    assert built == {"NGINX_IMAGE": "ours/nginx", "HUB_IMAGE": begun[0].tag, "NOTEBOOK_IMAGE": "ours/singleuser"}
    assert (begun[0].folder, begun[0].arguments) == (folder, {"BASE_IMAGE": "base:1", "HUB_IMAGE": "ours/hub"})


def sent(folder):
    """The names of what the builder is given of it."""
    with tarfile.open(fileobj=builder.context(builder.Build(folder, "x:1", {}), None)) as tar:
        return set(tar.getnames()) - {".", "extra-ca.crt"}


def test_what_dockerignore_names_is_neither_sent_nor_part_of_the_name(folder):
    """As `docker build` reads it: a password and a history of commits are no part of an image that copies its whole folder."""
    (folder / ".dockerignore").write_text("# not for the image\n.git\n/.env\nnotes/*\n!notes/kept.md\nDockerfile\n")
    for name in (".git/HEAD", ".env", "notes/a.md", "notes/kept.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x")
    first = given_image.tag_of(NAME, folder, {})
    assert sent(folder) == {".dockerignore", "Dockerfile", "config.py", "notes", "notes/kept.md"}
    (folder / ".git/HEAD").write_text("y")
    assert given_image.tag_of(NAME, folder, {}) == first
    (folder / "notes/kept.md").write_text("y")
    assert given_image.tag_of(NAME, folder, {}) != first


@pytest.mark.parametrize("reports", ["reports", "out/acceptance", "."])
def test_an_image_keeps_its_name_while_reports_on_it_are_written_into_its_folder(folder, reports):
    """`nbi-acceptance --hub-image=./` at the top of a repository writes there; each deploy would build another image."""
    (folder / reports).mkdir(parents=True, exist_ok=True)
    first, before = given_image.tag_of(NAME, folder, {}), sent(folder)
    report = folder / reports / gather({}, operate.TREE).run
    report.mkdir()
    (report / "results.json").write_text("{}")
    assert given_image.tag_of(NAME, folder, {}) == first
    assert sent(folder) <= before


def test_a_folder_is_built_with_all_that_lies_in_it_and_ours_without_what_the_stack_mounts(folder):
    (folder / "jupyterhub_config.py").write_text("c = 1")
    given = builder.Build(folder, "x:1", {})
    assert b"jupyterhub_config.py" in builder.context(given, None).getvalue()
    ours = builder.Build(folder, "x:1", {}, left_out=images.LEFT_OUT)
    assert b"jupyterhub_config.py" not in builder.context(ours, None).getvalue()
