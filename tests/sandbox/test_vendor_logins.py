"""The ways into an org, by the official client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

from benchmarks.loopback import ToLoopback

from .conftest import DOMAINS, Contract

FLOWS = {
    "JWT bearer": {"username": "USERNAME", "consumer_key": "CONSUMER_KEY", "privatekey": "PRIVATE_KEY"},
    "user name, password and token": {
        "username": "USERNAME", "password": "PASSWORD", "security_token": "SECURITY_TOKEN",
    },
}  # fmt: skip


def client(contract: Contract, wanted: Mapping[str, str], org: str = "global", **overrides: str) -> Any:
    session = requests.Session()
    session.mount("https://", ToLoopback(contract["endpoints"][f"salesforce_{org}"]))
    known = {name: contract["env"][f"SALESFORCE_{org.upper()}_{what}"] for name, what in wanted.items()}
    return Salesforce(domain=DOMAINS[org], version="64.0", session=session, **{**known, **overrides})


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("org", ["global", "americas"])
def test_each_flow_opens_the_org(vendors: Contract, flow: str, org: str) -> None:
    assert client(vendors, FLOWS[flow], org).query("SELECT Id FROM Lead LIMIT 1")["totalSize"] == 1


def test_the_password_grant_wants_the_app_and_the_token_behind_the_password(vendors: Contract) -> None:
    wanted = {"username": "USERNAME", "consumer_key": "CONSUMER_KEY", "consumer_secret": "CONSUMER_SECRET"}
    secret = vendors["env"]["SALESFORCE_GLOBAL_PASSWORD"]
    token = vendors["env"]["SALESFORCE_GLOBAL_SECURITY_TOKEN"]
    assert client(vendors, wanted, password=secret + token).limits()
    with pytest.raises(SalesforceAuthenticationFailed, match="invalid_grant"):
        client(vendors, wanted, password=secret)


def test_a_wrong_password_is_a_fault_in_soaps_shape(vendors: Contract) -> None:
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        client(vendors, FLOWS["user name, password and token"], password="wrong")


def test_a_token_for_another_user_or_by_another_app_is_refused(vendors: Contract) -> None:
    for wrong in ({"username": "somebody@else.example"}, {"consumer_key": "other"}):
        with pytest.raises(SalesforceAuthenticationFailed, match="invalid_grant"):
            client(vendors, FLOWS["JWT bearer"], **wrong)
