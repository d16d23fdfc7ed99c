"""The hub's settings: what a restart must not lose, who may do what, and what the environment changes."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from traitlets.config.loader import PyFileConfigLoader

from acceptance.harness.site.pages import words_on
from stack.operate.secrets import FIRST_USER

CONFIG = Path(__file__).parents[2] / "hub" / "jupyterhub_config.py"


@pytest.fixture
def load(monkeypatch):
    """Loads the settings under an environment; the secrets are stand-ins."""
    monkeypatch.setattr(Path, "read_text", lambda path: f"secret of {path.name}\n")

    def loaded(**environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config()

    return loaded


def added(c, name):
    """A list of the configuration that may consist of additions only."""
    value = c.JupyterHub[name]
    return value if isinstance(value, list) else value.get_value([])


def test_a_restarting_hub_keeps_servers_logins_and_routes(load):
    c = load()

    assert c.JupyterHub.cleanup_servers is False
    assert c.JupyterHub.hub_connect_ip == "hub"
    assert c.JupyterHub.cookie_secret_file == "/run/secrets/cookie_secret"
    assert c.JupyterHub.db_url.startswith("sqlite:////srv/jupyterhub/state/")
    assert c.ConfigurableHTTPProxy.auth_token == "secret of proxy_token"
    assert c.CryptKeeper["keys"] == ["secret of crypt_key"]


def test_the_proxys_pid_does_not_outlive_its_container(load):
    assert load().ConfigurableHTTPProxy.pid_file.startswith("/dev/shm/")


def test_the_culler_may_see_activity_and_stop_servers_and_nothing_else(load):
    role, _ = load().JupyterHub.load_roles

    assert sorted(role["scopes"]) == ["delete:servers", "list:users", "read:servers", "read:users:activity"]
    assert role["services"] == ["culler"] and "users" not in role


def test_culling_can_be_switched_off(load):
    c = load(CULL_AFTER="0")

    assert [service["name"] for service in added(c, "services")] == [role["services"][0] for role in added(c, "load_roles")]
    assert not any("culler" in service["name"] for service in added(c, "services"))


def test_a_prometheus_may_read_metrics_and_nothing_else(load):
    c = load()
    service, role = c.JupyterHub.services[-1], c.JupyterHub.load_roles[-1]

    assert service["api_token"] == "secret of metrics_token"
    assert (role["scopes"], role["services"]) == (["read:metrics"], [service["name"]])
    assert service.keys() == {"name", "api_token"} and "users" not in role


def test_another_metrics_token_is_another_service_so_that_the_former_dies(load, monkeypatch):
    former = load().JupyterHub.services[-1]["name"]
    monkeypatch.setattr(Path, "read_text", lambda path: f"another secret of {path.name}\n")

    assert load().JupyterHub.services[-1]["name"] != former


def test_short_idle_times_are_judged_by_reports_as_frequent(load):
    c = load(CULL_AFTER="20", CULL_EVERY="3", ACTIVITY_INTERVAL="2")

    assert c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] == "2"
    assert c.JupyterHub.activity_resolution == 2
    assert c.JupyterHub.services[0]["command"][-3:] == ["--timeout=20", "--max-age=0", "--cull-every=3"]


def test_a_maximum_age_alone_stops_nobody_for_being_idle(load):
    c = load(CULL_AFTER="0", CULL_MAX_AGE="86400")

    assert c.JupyterHub.services[0]["command"][-3:-1] == ["--timeout=1000000000", "--max-age=86400"]


def test_nothing_is_kept_free_nor_given_away_by_default(load):
    c = load()

    assert c.NotebookSpawner.mem_guarantee is None and c.NotebookSpawner.cpu_guarantee == 0
    assert (c.NotebookSpawner.volume_driver, c.NotebookSpawner.volume_driver_options) == ("", {})
    assert c.NotebookSpawner.delete_volume is False and c.JupyterHub.allow_named_servers is False


def test_servers_run_where_the_operator_says(load):
    assert load().NotebookSpawner.extra_placement_spec == {}
    assert load(NOTEBOOK_PLACEMENT="node.role==worker").NotebookSpawner.extra_placement_spec == {
        "constraints": ["node.role==worker"]
    }


def test_users_files_lie_where_the_operator_says(load):
    c = load(NOTEBOOK_VOLUME_DRIVER="local", NOTEBOOK_VOLUME_OPTIONS="type=nfs o=addr=192.0.2.1,rw device=:/h/{volume}")

    assert c.NotebookSpawner.volume_driver_options == {
        "type": "nfs",
        "o": "addr=192.0.2.1,rw",
        "device": ":/h/{volume}",
    }


def test_named_servers_are_as_many_as_the_operator_says(load):
    c = load(NAMED_SERVERS="3")

    assert c.JupyterHub.allow_named_servers is True and c.JupyterHub.named_server_limit_per_user == 3


@pytest.mark.parametrize(
    ("after", "age", "words"),
    [
        (0, 0, ""),
        (10, 0, "A server that nobody uses for 10 seconds is stopped; one that computes is in use."),
        (3600, 86400 * 7, "Any server is stopped 7 days after its start, also one that computes."),
        (0, 7200, "A server is stopped 2 hours after its start, also one that computes."),
    ],
)
def test_the_pages_say_when_servers_are_stopped(after, age, words):
    pages = Environment(loader=FileSystemLoader(CONFIG.parent / "templates"), autoescape=True)
    said = words_on(pages.get_template("culling.html").render(cull_after=after, cull_max_age=age))

    assert words in said and ("Your files are kept." in said) == bool(words)


def test_servers_are_told_how_long_a_login_is_believed(load):
    assert load(LOGIN_CACHE="60").Spawner.environment["LOGIN_CACHE"] == "60"


def test_with_the_proxy_overlay_the_hub_neither_starts_nor_stops_the_proxy(load):
    """As jupyterhub_config.py loads it, from the place where the overlay mounts it."""
    overlay = PyFileConfigLoader("proxy.py", path=str(CONFIG.parent / "conf.d")).load_config()
    assert overlay.ConfigurableHTTPProxy.should_start is False
    assert "auth_token" not in overlay.ConfigurableHTTPProxy and load().ConfigurableHTTPProxy.auth_token


def test_the_operator_chooses_who_logs_in_and_who_is_admin(load):
    c = load(AUTHENTICATOR_CLASS="native", ADMIN_USERS="ann, bo,,")

    assert c.JupyterHub.authenticator_class == "native"
    assert c.Authenticator.admin_users == {"ann", "bo"}


def test_people_sign_up_and_wait_by_default(load):
    c = load()

    assert c.JupyterHub.authenticator_class == "sign_up.SignUpAuthenticator"
    assert c.NativeAuthenticator.enable_signup and "open_signup" not in c.NativeAuthenticator
    assert "allow_all" not in c.Authenticator


def test_sign_up_can_be_switched_off(load):
    assert not load(SIGN_UP="0").NativeAuthenticator.enable_signup


def test_the_first_user_is_an_admin_only_where_the_users_file_says_who_that_is(load):
    c = load()

    assert c.UsersFileAuthenticator.admin_users == {FIRST_USER}
    assert c.Authenticator.admin_users == set()


def test_named_admins_are_the_only_ones(load):
    assert "UsersFileAuthenticator" not in load(ADMIN_USERS="ann")


def test_pages_of_the_hub_load_and_send_nothing_from_or_to_elsewhere(load):
    policy = load().JupyterHub.tornado_settings["headers"]["Content-Security-Policy"]

    assert policy.startswith("default-src 'self'; ") and "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy and "http" not in policy


def test_a_notebook_is_read_only_unless_told_otherwise(load):
    assert load().NotebookSpawner.read_only is True
    assert load(NOTEBOOK_READ_ONLY="0").NotebookSpawner.read_only is False


def test_our_own_limit_of_a_start_comes_before_the_hubs_that_says_nothing(load):
    c = load(START_TIMEOUT="8")

    assert c.NotebookSpawner.ready_timeout == 8 < c.Spawner.start_timeout
