"""Where users' files lie, and when they go."""

import pytest

from acceptance.harness.errors import SettingsError


@pytest.mark.usefixtures("passing_users")
@pytest.mark.check("user-deleted", profile="full", cls="c")
def test_a_deleted_user_leaves_the_files_or_nothing(alice, bob, carol, stack, site, change):
    """Whoever leaves the house leaves no server and no key behind; the files stay, unless the operator wants them gone."""
    change(ADMIN_USERS=carol.name)
    carol.sign_in()
    token = alice.new_token()
    alice.start_server().files.put("thesis.txt", "chapter one")
    assert site.visitor(token=token).api("GET", "/hub/api/user").status == 200

    carol.delete(alice)
    assert stack.servers_of(alice.name) == []
    assert site.visitor(token=token).api("GET", "/hub/api/user").status == 403
    assert not alice.is_signed_in()
    assert len(stack.volumes_of(alice.name)) == 1

    change(ADMIN_USERS=carol.name, NOTEBOOK_VOLUME_DELETE="1")
    bob.start_server()
    assert len(stack.volumes_of(bob.name)) == 1
    carol.delete(bob)
    assert stack.volumes_of(bob.name) == []
    assert len(stack.volumes_of(alice.name)) == 1


@pytest.mark.check("volume-options", profile="full", cls="c")
def test_files_lie_where_the_operator_says(alice, stack, change):
    """Users' files lie on the storage that the operator chose; one that the node does not know is refused in words."""
    with pytest.raises(SettingsError, match="nobodys-driver is no volume driver of this node, which has .*local"):
        change(NOTEBOOK_VOLUME_DRIVER="nobodys-driver")
    change(NOTEBOOK_VOLUME_OPTIONS="type=tmpfs device=tmpfs o=size=32m,uid=1000")

    kernel = alice.start_server().start_kernel()
    (mount,) = [one for one in stack.servers_of(alice.name)[0].container_spec["Mounts"] if one["Type"] == "volume"]
    assert mount["VolumeOptions"].get("DriverConfig") == {
        "Name": "local", "Options": {"type": "tmpfs", "device": "tmpfs", "o": "size=32m,uid=1000"}}
    size = "import os; disk = os.statvfs('/home/jovyan'); print(disk.f_blocks * disk.f_frsize >> 20)"
    assert kernel.run(size) == "32\n"
