"""Images outlive a sandbox; swarm, containers, networks and volumes do not."""

from acceptance.sandbox import store


def files_in(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir())


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_what_is_passing_goes_and_images_stay(tmp_path):
    for name in (
        "swarm/state",
        "containers/1/config",
        "volumes/v/_data/private",
        "network/files/db",
        "image/overlay2/db",
    ):
        write(tmp_path / name)
    store.wipe(tmp_path)
    assert files_in(tmp_path) == ["image/overlay2/db"]


def test_the_writable_layers_of_containers_go_with_them(tmp_path):
    mount = tmp_path / "image/overlay2/layerdb/mounts/container"
    for part, layer, link in (("mount-id", "writable", "AAA"), ("init-id", "writable-init", "BBB")):
        write(mount / part, layer)
        write(tmp_path / "overlay2" / layer / "link", link)
        write(tmp_path / "overlay2/l" / link)
    write(tmp_path / "overlay2/of-an-image/link", "CCC")
    write(tmp_path / "overlay2/l/CCC")
    store.wipe(tmp_path)
    assert files_in(tmp_path) == ["overlay2/l/CCC", "overlay2/of-an-image/link"]


def test_a_store_that_was_never_used_can_be_wiped(tmp_path):
    store.wipe(tmp_path)
    assert files_in(tmp_path) == []


def test_a_folder_that_is_not_there_takes_nothing(tmp_path):
    assert store.megabytes_of(tmp_path / "nowhere") == 0
