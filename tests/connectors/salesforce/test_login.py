"""The three logins, against a served org that knows them all."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import ConfigurationError, ConnectorError
from connectors.salesforce.login import log_in
from sandbox.faults import Action
from tests.connectors.salesforce.fake import connection
from tests.connectors.salesforce.served import ServedOrg


def of_org(served: ServedOrg, **names: str) -> dict[str, str]:
    """Login settings with the served org's own secrets."""
    secrets = served.network.contract["env"]
    return {name: secrets[f"SALESFORCE_GLOBAL_{variable}"] for name, variable in names.items()}


LOGINS = {
    "client credentials": {},
    "JWT bearer": {"username": "USERNAME", "private_key": "PRIVATE_KEY"},
    "username, password and token": {
        "username": "USERNAME",
        "password": "PASSWORD",
        "security_token": "SECURITY_TOKEN",
    },
}


@pytest.mark.parametrize("names", LOGINS.values(), ids=LOGINS.keys())
def test_each_login_reaches_the_org_with_one_session(served: ServedOrg, names: dict[str, str]) -> None:
    """SF-15, SF-17."""
    client = served.client(**of_org(served, **names))
    client.check()
    client.count("SELECT COUNT() FROM Lead")
    assert served.meter("logins") == 1


def test_a_login_by_password_needs_no_connected_app(served: ServedOrg) -> None:
    names = LOGINS["username, password and token"]
    served.client(**of_org(served, **names), consumer_key="", consumer_secret="").check()
    assert served.meter("logins") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"consumer_secret": "wrong"},
        {"username": "USERNAME", "password": "wrong", "security_token": "SECURITY_TOKEN"},
        {"username": "USERNAME", "password": "wrong", "consumer_key": "", "consumer_secret": ""},
    ],
)
def test_a_refused_login_is_asked_for_once_or_the_org_would_lock_the_user_out(
    served: ServedOrg, wrong: dict[str, str]
) -> None:
    """SF-16, PR-08."""
    known = {name: value for name, value in wrong.items() if value.isupper()}
    settings: dict[str, Any] = {**wrong, **of_org(served, **known)}
    requests = served.meter("requests")
    with pytest.raises(ConfigurationError, match="did not accept the login") as raised:
        served.client(**settings).check()
    assert served.meter("requests") == requests + 1
    assert not [value for value in settings.values() if value and value in str(raised.value)]


def test_an_org_that_has_moved_away_names_its_new_host(served: ServedOrg) -> None:
    """SF-53."""
    served.fault(Action(redirect="https://noordlicht-new.my.salesforce.com"), path="oauth2/token")
    with pytest.raises(ConfigurationError, match=r"moved to noordlicht-new\.my\.salesforce\.com"):
        served.client().check()


def test_a_redirect_is_met_with_one_new_login_and_no_token_leaves_for_the_other_host(served: ServedOrg) -> None:
    """SF-53."""
    served.fault(Action(redirect="https://elsewhere.example"), path="/limits", times=0)
    with pytest.raises(ConnectorError, match=r"answers at elsewhere\.example"):
        served.client().check()
    assert served.meter("logins") == 2


def test_a_private_key_that_is_none_is_not_quoted() -> None:
    """PR-08, PR-09."""
    spec = connection(username="ada@loom.example", private_key="not a key at all")
    with pytest.raises(ConfigurationError, match="cannot sign") as raised:
        log_in(spec, None)  # type: ignore[arg-type]
    assert "not a key" not in str(raised.value)
    assert "ada@" not in f"{raised.value} {spec!r}"


def test_a_private_key_without_a_user_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs the user"):
        log_in(connection(private_key="key"), None)  # type: ignore[arg-type]
