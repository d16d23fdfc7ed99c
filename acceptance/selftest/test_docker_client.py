"""The Docker clients of the operator's commands and of the harness believe the engine's own CA."""

import pytest
import requests

from acceptance.harness.cluster.client import Api as Ours
from stack.operate.client import Api as Operators


@pytest.mark.parametrize("kind", [Ours, Operators])
@pytest.mark.parametrize("verify", ["/certs/ca.pem", False])
def test_a_bundle_of_the_machine_does_not_win_over_the_engine_s_ca(monkeypatch, kind, verify):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/machine/bundle.crt")
    api = kind.__new__(kind)
    requests.Session.__init__(api)
    api.verify = verify
    assert api.merge_environment_settings("https://manager:2376/info", {}, False, None, None)["verify"] == verify
