"""The order for a server says what the operator set, and what a careful operator would want."""

from dataclasses import replace

from service_spec import ServiceSpec

SPEC = ServiceSpec(
    name="lab-alice-x",
    image="sha256:1",
    labels={"nbi.user": "alice"},
    env={"A": "1"},
    network="lab_notebooks",
    volume="lab-alice-y",
    home="/home/jovyan",
    memory=2**30,
    cpus=0.5,
    pids=512,
)


def container(spec=SPEC):
    return spec.as_create_kwargs()["task_template"]["ContainerSpec"]


def test_the_users_files_are_a_volume_that_carries_our_labels():
    assert container()["Mounts"] == [
        {
            "Type": "volume",
            "Source": "lab-alice-y",
            "Target": "/home/jovyan",
            "ReadOnly": False,
            "VolumeOptions": {"Labels": {"nbi.user": "alice"}},
        }
    ]


def test_a_read_only_server_has_a_place_for_passing_files_within_its_memory():
    home, scratch = container(replace(SPEC, read_only=True))["Mounts"]

    assert (container(replace(SPEC, read_only=True))["ReadOnly"], home["Target"]) == (True, "/home/jovyan")
    assert (scratch["Type"], scratch["Target"]) == ("tmpfs", "/tmp")
    assert scratch["TmpfsOptions"] == {"SizeBytes": 2**29, "Mode": 0o1777}


def test_memory_processors_and_processes_are_limited():
    limits = SPEC.as_create_kwargs()["task_template"]["Resources"]["Limits"]

    assert limits == {"MemoryBytes": 2**30, "NanoCPUs": 500_000_000, "Pids": 512}


def test_no_capability_is_left():
    assert container()["CapabilityDrop"] == ["ALL"]


def test_the_swarm_does_not_start_again_what_ended():
    assert SPEC.as_create_kwargs()["task_template"]["RestartPolicy"]["Condition"] == "none"


def test_a_talkative_cell_does_not_fill_the_disk():
    assert SPEC.as_create_kwargs()["task_template"]["LogDriver"]["Options"] == {
        "max-size": "10m",
        "max-file": "2",
    }


def test_no_virtual_address_and_no_published_port():
    assert SPEC.as_create_kwargs()["endpoint_spec"] == {"Mode": "dnsrr"}


def test_service_and_container_carry_the_labels():
    assert SPEC.as_create_kwargs()["labels"] == container()["Labels"] == {"nbi.user": "alice"}


def test_an_operators_mount_comes_on_top_of_the_users_volume():
    spec = replace(SPEC, extra_container={"mounts": ["data:/data:ro"], "hostname": "lab"})

    assert [mount["Target"] for mount in container(spec)["Mounts"]] == ["/home/jovyan", "/data"]
    assert container(spec)["Hostname"] == "lab"
