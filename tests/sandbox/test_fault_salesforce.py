"""A Salesforce org going wrong on purpose, seen through simple-salesforce."""

from __future__ import annotations

from typing import Any

import pytest
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)

from sandbox.faults import Match
from sandbox.vendors.cast import Settings
from sandbox.vendors.network import Network
from sandbox.vendors.salesforce.limits import OrgLimits

from .conftest import salesforce_client
from .faulty_network import GLOBAL, fired, raw, spoil, spoilt_network
from .queries import DATA, ids
from .vendor_miniature import PLAIN_LEADS, A, B, D

LEADS = f"SELECT Id, Status FROM Lead WHERE Id IN ('{A}', '{D}') ORDER BY Id"
ALL = PLAIN_LEADS + 3  # with the merged one, without the purged one


@pytest.mark.parametrize(
    ("action", "error", "words"),
    [
        ({"status": 400, "code": "QUERY_TIMEOUT", "message": "Too long."}, SalesforceMalformedRequest, "QUERY_TIMEOUT"),
        ({"status": 403}, SalesforceRefusedRequest, r"TotalRequests Limit exceeded\."),
        ({"status": 500}, SalesforceGeneralError, "UNKNOWN_EXCEPTION"),
        ({"status": 503}, SalesforceGeneralError, "SERVER_UNAVAILABLE"),
        ({"status": 420}, SalesforceGeneralError, "420"),
        ({"html": True}, ValueError, "Expecting value"),
        ({"status": 401, "html": True}, ValueError, "Expecting value"),
        ({"status": 401, "body": '{"error": "x"}'}, KeyError, "0"),
    ],
)
def test_an_error_comes_in_the_orgs_own_shape_or_in_none(
    network: Network, action: dict[str, Any], error: type[Exception], words: str
) -> None:
    client = salesforce_client(network.contract)
    spoil(network, GLOBAL, Match(object="Lead"), **action)
    with pytest.raises(error, match=words):
        client.query(LEADS)
    assert ids(client.query(LEADS)) == [A, D]


@pytest.mark.parametrize("action", [{"cut_body_at": 60}, {"truncate_body_at": 60}, {"corrupt_gzip": True}])
def test_a_damaged_body_is_never_json(network: Network, client: Any, action: dict[str, Any]) -> None:
    spoil(network, GLOBAL, **action)
    with pytest.raises(Exception, match=r"Connection broken|Unterminated|Expecting|decode|delimiter"):
        client.query(LEADS)


@pytest.mark.parametrize(
    ("action", "found"),
    [
        ({"drop_rows": 1}, [A]),
        ({"duplicate_rows": 1}, [A, D, A]),
        ({"reorder_rows": 2}, [D, A]),
        ({"empty": True}, []),
        ({"slow_loris_seconds": 0.1}, [A, D]),
        ({"delay_seconds": 0.05}, [A, D]),
    ],
)
def test_rows_go_wrong_while_the_total_stays(
    network: Network, client: Any, action: dict[str, Any], found: list[str]
) -> None:
    spoil(network, GLOBAL, Match(object="Lead"), **action)
    answer = client.query(LEADS)
    assert ids(answer) == found
    assert answer["totalSize"] == (2 if found else 0)


def test_a_query_over_many_days_runs_into_its_timeout_and_a_short_one_does_not(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, Match(above_days=1, times=0), status=400, code="QUERY_TIMEOUT", message="Too long.")
    bound = "SELECT Id FROM Lead WHERE SystemModstamp {} 2026-06-{}T00:00:00Z"
    short = bound.format(">=", 20) + " AND SystemModstamp < 2026-06-21T00:00:00Z"
    long = bound.format(">=", 19) + " AND SystemModstamp < 2026-06-21T00:00:00Z"
    assert ids(client.query(short, include_deleted=True)) == [B]
    for soql in (long, bound.format("<", 20)):
        with pytest.raises(SalesforceMalformedRequest, match="QUERY_TIMEOUT"):
            client.query(soql)


def test_pages_shrink_and_still_make_up_the_answer(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, Match(object="Lead", times=0), shrink_page=900)
    first = client.query("SELECT Id FROM Lead", include_deleted=True)
    assert (len(first["records"]), first["nextRecordsUrl"][-4:]) == (900, "-900")
    pages = [first]
    while not pages[-1]["done"]:
        pages.append(client.query_more(pages[-1]["nextRecordsUrl"], identifier_is_url=True))
    assert [len(page["records"]) for page in pages] == [900, 900, ALL - 1_800]
    assert len({one for page in pages for one in ids(page)}) == ALL


def test_a_page_that_leads_nowhere_and_one_that_leads_to_itself(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, done_false_without_next=True)
    answer = client.query("SELECT Id FROM Lead")
    assert (answer["done"], "nextRecordsUrl" in answer) == (False, False)
    spoil(network, GLOBAL, Match(page=2, times=0), repeat_locator=True)
    url = client.query("SELECT Id FROM Lead")["nextRecordsUrl"]
    for _ in range(2):
        assert client.query_more(url, identifier_is_url=True)["nextRecordsUrl"].endswith("-2000")


def test_a_locator_expires_in_the_middle(network: Network, client: Any) -> None:
    url = client.query("SELECT Id FROM Lead")["nextRecordsUrl"]
    spoil(network, GLOBAL, Match(object="Lead", page=2), expire_locator=True)
    for _ in range(2):  # and stays expired
        with pytest.raises(SalesforceMalformedRequest, match="INVALID_QUERY_LOCATOR"):
            client.query_more(url, identifier_is_url=True)
    assert fired(network) == [1]


def test_an_org_that_has_moved_says_where_to(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, redirect="https://noordlicht-moved.my.salesforce.com")
    answer = raw(network, client, "/query", q="SELECT Id FROM Lead LIMIT 1")
    moved = f"https://noordlicht-moved.my.salesforce.com{DATA}/query?q=SELECT+Id+FROM+Lead+LIMIT+1"
    assert (answer.status_code, answer.headers["Location"]) == (302, moved)


def test_all_sessions_end_and_work_that_knows_how_goes_on_with_a_new_login(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network:
        client = salesforce_client(network.contract)
        handler = client.bulk2.Lead._client
        job = handler.create_job("query", query="SELECT Id FROM Lead")["id"]
        spoil(network, GLOBAL, Match(path=f"/jobs/query/{job}", nth=2), expire_token=True)
        handler.get_job(job, True)
        with pytest.raises(SalesforceExpiredSession):
            handler.get_job(job, True)
        assert client.query(LEADS)["totalSize"] == 2  # over REST the library logs in again
        assert network.meters()[GLOBAL]["logins"] == 2


def test_others_use_up_the_orgs_calls_and_a_day_later_they_are_back(tmp_path: Any) -> None:
    with spoilt_network(tmp_path, Settings(org_limits=OrgLimits(api_requests=1_000))) as network:
        client = salesforce_client(network.contract)
        client.query(LEADS)
        spoil(network, GLOBAL, drain_requests=900)
        client.query(LEADS)
        assert tuple(client.api_usage["api-usage"]) == (902, 1_000)
        assert network.meters()[GLOBAL]["peak_percent_api_requests"] == 91
        spoil(network, GLOBAL, drain_requests=900)
        with pytest.raises(SalesforceRefusedRequest, match="TotalRequests"):
            client.query(LEADS)
        network.clock.advance(seconds=86_400)
        assert ids(client.query(LEADS)) == [A, D]


def test_a_login_is_refused_in_oauths_words(network: Network) -> None:
    spoil(network, GLOBAL, Match(path="oauth2/token"), status=400, code="invalid_grant", message="expired")
    with pytest.raises(SalesforceAuthenticationFailed, match=r"invalid_grant.*expired"):
        salesforce_client(network.contract)
