"""What a hub image is broken by is told from the last words of its containers, as `make logs` had them in a deploy's log."""

import pytest

from acceptance.harness.diagnosis.diagnosis import diagnosis_of

HEAD = "==> nbi-6a12_hub.1.gfsrmulu1xja (exited)\n"
NO_SPAWNER = (
    "[C 2026-11-26 23:40:45.799 JupyterHub application:119] Bad config encountered during initialization: The 'spawner_class'"
    " trait of <jupyterhub.app.JupyterHub object at 0x7f3a5d2d02f0> instance must be a type, but 'swarm_spawner.NotebookSpawner'"
    " could not be imported\n"
)
NO_PYTHON = """\
        exec(compile(f.read(), conf_filename, "exec"), namespace, namespace)  # noqa: S102
      File "/srv/jupyterhub/jupyterhub_config.py", line 2
        c.JupyterHub.load_roles = [{"name": "culler", "scopes": ["list:users"]}
                                  ^
    SyntaxError: '[' was never closed
"""
RUNS = "[I 2026-11-26 23:40:45.799 JupyterHub app:3944] JupyterHub is now running at http://:{port}\n"


@pytest.mark.parametrize(("said", "cause"), [
    (NO_SPAWNER, "the hub cannot import swarm_spawner.NotebookSpawner, its spawner_class: the image lacks a package, or"),
    (NO_PYTHON, "the hub's configuration is no Python: SyntaxError: '[' was never closed (/srv/jupyterhub/jupyterhub_config.py,"
                " line 2)"),
    (RUNS.format(port=8888), "the hub's proxy listens on port 8888 of its container"),
])
def test_a_broken_image_is_told_by_its_last_words(tmp_path, said, cause):
    (tmp_path / "deploy.log").write_text(HEAD + said)
    found = diagnosis_of(tmp_path, [], dead="the stack did not come up: nbi-6a12_hub does not start")
    assert found.cause.startswith(cause)
    assert (found.confidence, found.evidence) == ("sure", ["deploy.log"])


def test_a_hub_on_the_right_port_is_not_blamed_for_it(tmp_path):
    (tmp_path / "deploy.log").write_text(HEAD + RUNS.format(port=8000))
    assert diagnosis_of(tmp_path, [], dead="the stack did not come up").cause is None
