"""`make clean` finds what our killed runs left, and takes nothing else for ours."""

import subprocess
from types import SimpleNamespace

import psutil
import pytest

from acceptance import clean

RUN = "20260102-030405-ab12"


@pytest.fixture
def sleeper(tmp_path):
    """A process like those that a killed run leaves: its environment names the run's folder."""
    folder = tmp_path / f"nbi-{RUN}-x"
    process = subprocess.Popen(["sleep", "60"], env={"SECRETS_DIR": f"{folder}/secrets"})
    yield folder, process
    process.kill()
    process.wait()


def labelled(**labels):
    """A service as the Docker SDK gives it."""
    return SimpleNamespace(attrs={"Spec": {"Labels": labels}})


def engine_with(services=(), volumes=()):
    """An engine that has these services and volumes, and nothing else."""
    lists = {name: SimpleNamespace(list=lambda filters: []) for name in ("secrets",)}
    lists["services"] = SimpleNamespace(list=lambda filters: [*services])
    api = SimpleNamespace(volumes=lambda filters: {"Volumes": [*volumes]}, networks=lambda filters: [])
    return SimpleNamespace(client=SimpleNamespace(api=api, **lists))


@pytest.mark.parametrize("name", [f"nbi-{RUN}-a_1", "nbi-browser-x1", "nbi-fault-any-password-x", "nbi-readme-q", "nbi-base-z"])
def test_our_folders_are_known(tmp_path, name):
    (tmp_path / name).mkdir()
    assert [path.name for path in clean.folders(tmp_path)] == [name]


@pytest.mark.parametrize("name", ["nbi", "nbi-notes", "nbi-jupyter-service", "other-browser-x", f"nbi-{RUN}"])
def test_other_people_s_folders_are_not(tmp_path, name):
    (tmp_path / name).mkdir()
    assert clean.folders(tmp_path) == []


def test_runs_are_known_by_reports_and_by_folders(tmp_path):
    (tmp_path / "reports" / RUN / "faults" / "x" / "20260102-030406-ab13").mkdir(parents=True)
    known = clean.runs(tmp_path / "reports", [tmp_path / "nbi-20260102-030407-ab14-x", tmp_path / "nbi-browser-x"])
    assert known == {RUN, "20260102-030406-ab13", "20260102-030407-ab14"}


def test_a_killed_run_s_processes_are_found_and_ended(sleeper):
    folder, process = sleeper
    found = list(clean.processes([folder]))
    clean.end(found)
    assert [each.pid for each in found] == [process.pid]
    assert not psutil.pid_exists(process.pid)


def test_a_process_that_names_another_folder_is_not_ours(sleeper, tmp_path):
    assert list(clean.processes([tmp_path / "nbi-browser-other"])) == []


def test_without_folders_nothing_is_ours():
    assert list(clean.processes([])) == []


def test_stacks_are_found_by_the_run_s_label_on_anything():
    service = labelled(**{"nbi.run": RUN, "com.docker.stack.namespace": "nbi-ab12"})
    volume = {"Labels": {"nbi.run": RUN, "nbi.stack": "nbi-ab99"}}
    assert clean.stacks(engine_with([service], [volume]), {RUN}) == {"nbi-ab12": RUN, "nbi-ab99": RUN}


def test_a_run_that_was_begun_elsewhere_is_left_alone():
    service = labelled(**{"nbi.run": "20260102-030405-ffff", "com.docker.stack.namespace": "nbi-ffff"})
    assert clean.stacks(engine_with([service]), {RUN}) == {}


def test_a_folder_that_goes_away_meanwhile_is_gone(tmp_path, monkeypatch):
    """The run that it belongs to is just ending, and was faster with one of its files."""
    folder, delete = tmp_path / f"nbi-{RUN}-x", clean.shutil.rmtree
    (folder / "secrets").mkdir(parents=True)
    tries = []

    def slower_once(path):
        tries.append(path)
        if len(tries) == 1:
            raise FileNotFoundError(path / "secrets" / "users")
        delete(path)

    monkeypatch.setattr(clean.shutil, "rmtree", slower_once)
    clean.erase(folder)
    assert (len(tries), folder.exists()) == (2, False)
