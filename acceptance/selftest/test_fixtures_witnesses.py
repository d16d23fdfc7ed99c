"""What is kept about a failure: the run's services and containers, and users' servers that no label tells of."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from acceptance.fixtures.witnesses import logs, swarm

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OURS, UNLABELLED, STRANGER = "nbi.run=r-1", "s2", "s3"


class Thing(SimpleNamespace):
    """A service or a container, as the SDK gives it; `seen_by` are the filters that find it."""

    def tasks(self):
        """One that runs."""
        return [{"Status": {"State": "running", "Timestamp": "2026-01-01T00:00:00Z"}, "DesiredState": "running"}]

    def logs(self, **_):
        """What it said."""
        return f"{self.name} speaks".encode()


def thing(ident, *seen_by):
    """One that these filters find."""
    spec = {"Name": ident, "TaskTemplate": {"ContainerSpec": {"Env": ["JUPYTERHUB_API_TOKEN=of a user"]}}}
    return Thing(id=ident, name=ident, attrs={"Spec": spec}, seen_by=seen_by)


@pytest.fixture
def engine():
    services = [thing("s1", OURS), thing(UNLABELLED, UNLABELLED), thing("both", OURS, "both"), thing(STRANGER, STRANGER)]
    made_by = "com.docker.swarm.service.id="
    containers = [thing("c1", OURS), thing("c2", made_by + UNLABELLED), thing("c3", made_by + STRANGER)]

    def finds(things):
        return SimpleNamespace(list=lambda filters, **_: [one for one in things if {*filters.values()} & {*one.seen_by}])

    return SimpleNamespace(client=SimpleNamespace(services=finds(services), containers=finds(containers)))


def test_services_that_their_spawner_does_not_label_are_evidence_each_once(engine, tmp_path):
    swarm(engine, OURS, [UNLABELLED, "both"], tmp_path)
    kept = (tmp_path / "services.json").read_text()
    assert [one["Spec"]["Name"] for one in json.loads(kept)] == ["s1", "both", UNLABELLED]
    assert "of a user" not in kept
    assert (tmp_path / "tasks.txt").read_text().count("running (wanted: running)") == 3


@pytest.mark.parametrize(("besides", "kept"), [([], {"log-c1.txt"}), ([UNLABELLED], {"log-c1.txt", "log-c2.txt"})])
def test_what_their_containers_said_is_kept_and_nobody_else_s(engine, tmp_path, besides, kept):
    logs(engine, OURS, besides, tmp_path, NOW)
    assert {path.name for path in tmp_path.iterdir()} == kept
    assert "c1 speaks" in (tmp_path / "log-c1.txt").read_text()
