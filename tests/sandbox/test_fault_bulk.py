"""Bulk API 2.0 going wrong on purpose: jobs that end badly or never, results that disagree with their headers."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import requests

from sandbox.faults import Match
from sandbox.vendors.network import Network

from .conftest import salesforce_client
from .faulty_network import GLOBAL, raw, spoil, spoilt_network
from .queries import DATA
from .vendor_miniature import A


def test_a_failed_and_an_aborted_job_stay_so_and_a_stuck_one_ends_when_it_is_aborted(
    network: Network, client: Any
) -> None:
    handler = client.bulk2.Lead._client
    for state in ("Failed", "Aborted"):
        spoil(network, GLOBAL, Match(verb="POST", object="Lead"), job_state=state)
        job = handler.create_job("query", query="SELECT Id FROM Lead")["id"]
        assert _settled(handler, job)["state"] == state
    assert "errorMessage" not in handler.get_job(job, True)
    opened = network.meters()[GLOBAL]["jobs_open"]
    spoil(network, GLOBAL, Match(verb="POST", path="/jobs/query$"), job_state="InProgress")
    stuck = handler.create_job("query", query="SELECT Id FROM Lead")["id"]
    assert {handler.get_job(stuck, True)["state"] for _ in range(5)} == {"InProgress"}
    assert network.meters()[GLOBAL]["jobs_open"] == opened + 1
    assert handler.abort_job(stuck, True)["state"] == "Aborted"
    assert network.meters()[GLOBAL]["jobs_open"] == opened


def test_polls_may_say_in_progress_for_a_while(network: Network, client: Any) -> None:
    handler = client.bulk2.Lead._client
    job = handler.create_job("query", query="SELECT Id FROM Lead")["id"]
    _settled(handler, job)
    spoil(network, GLOBAL, Match(verb="GET", path="/jobs/query/750", times=2), job_state="InProgress")
    assert [handler.get_job(job, True)["state"] for _ in range(3)] == ["InProgress", "InProgress", "JobComplete"]


def _settled(handler: Any, job: str) -> Any:
    while True:
        answer = handler.get_job(job, True)
        if answer["state"] not in {"UploadComplete", "InProgress"}:
            return answer


@pytest.fixture(scope="module")
def job(client: Any) -> str:
    handler = client.bulk2.Lead._client
    number = str(handler.create_job("queryAll", query="SELECT Id, Status FROM Lead ORDER BY Id")["id"])
    _settled(handler, number)
    return number


def page_of(network: Network, client: Any, job: str, **query: Any) -> tuple[list[dict[str, str]], str, str]:
    answer = raw(network, client, f"/jobs/query/{job}/results", maxRecords=1_000, **query)
    found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    return found, answer.headers["Sforce-NumberOfRecords"], answer.headers["Sforce-Locator"]


@pytest.mark.parametrize(
    ("action", "count", "announced", "locator"),
    [
        ({"drop_rows": 3}, 997, "1000", "MTAwMA"),
        ({"duplicate_rows": 3}, 1_003, "1000", "MTAwMA"),
        ({"wrong_header_count": 7}, 1_000, "7", "MTAwMA"),
        ({"empty": True}, 0, "0", "null"),
        ({"repeat_locator": True}, 1_000, "1000", "MA"),
        ({"shrink_page": 10}, 10, "10", "MTA"),
    ],
)
def test_a_page_of_bulk_results_disagrees_with_its_headers(
    network: Network, client: Any, job: str, action: dict[str, Any], count: int, announced: str, locator: str
) -> None:
    spoil(network, GLOBAL, Match(object="Lead", path="results"), **action)
    found, number, following = page_of(network, client, job)
    assert (len(found), number, following) == (count, announced, locator)


def test_bulk_columns_come_in_another_order(network: Network, client: Any, job: str) -> None:
    spoil(network, GLOBAL, Match(path="results"), shuffle_headers=True)
    found, _, _ = page_of(network, client, job)
    assert list(found[0].items()) == [("Status", "In behandeling"), ("Id", A)]


def test_faults_tell_pages_of_bulk_results_apart(network: Network, client: Any, job: str) -> None:
    spoil(network, GLOBAL, Match(page=2, path="results"), drop_rows=1)
    assert len(page_of(network, client, job)[0]) == 1_000
    assert len(page_of(network, client, job, locator="MTAwMA")[0]) == 999
    spoil(network, GLOBAL, Match(page=2, path="results"), expire_locator=True)
    assert raw(network, client, f"/jobs/query/{job}/results", maxRecords=1_000, locator="MTAwMA").status_code == 400


def test_compressed_results_break_in_the_middle(network: Network, client: Any, job: str) -> None:
    for action in ({"corrupt_gzip": True}, {"cut_body_at": 500}):
        spoil(network, GLOBAL, Match(path="results"), **action)
        with pytest.raises(requests.RequestException):
            page_of(network, client, job)
    assert len(page_of(network, client, job)[0]) == 1_000


def test_kept_jobs_are_those_nobody_deleted(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network:
        client = salesforce_client(network.contract)
        handler = client.bulk2.Lead._client
        job = handler.create_job("query", query="SELECT Id FROM Lead")["id"]
        _settled(handler, job)
        assert network.meters()[GLOBAL]["jobs_kept"] == 1
        url = f"{network.contract['endpoints'][GLOBAL]}{DATA}/jobs/query/{job}"
        requests.delete(url, headers=client.headers, timeout=10).raise_for_status()
        assert network.meters()[GLOBAL]["jobs_kept"] == 0
