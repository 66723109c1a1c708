"""Bulk API 2.0 query jobs of an org, by the official client alone."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from simple_salesforce.exceptions import (
    SalesforceMalformedRequest,
    SalesforceResourceNotFound,
)

from .conftest import Contract
from .queries import DATA, bulk_rows
from .vendor_miniature import PLAIN_LEADS, A


def test_bulk_results_come_in_pages_with_a_locator_until_it_is_null(salesforce: Any) -> None:
    job = salesforce.bulk2.Lead._client.create_job("query", query="SELECT Id, SystemModstamp FROM Lead ORDER BY Id")
    assert (job["state"], job["object"], job["contentType"], job["apiVersion"]) == (
        "UploadComplete",
        "Lead",
        "CSV",
        64.0,
    )
    salesforce.bulk2.Lead._client.wait_for_job(job["id"], True, wait=0.01)
    done = salesforce.bulk2.Lead._client.get_job(job["id"], True)
    assert (done["state"], done["jobType"], done["numberRecordsProcessed"]) == (
        "JobComplete",
        "V2Query",
        PLAIN_LEADS + 2,
    )
    first = salesforce.bulk2.Lead._client.get_query_results(job["id"], max_records=1_000)
    assert (first["locator"], first["number_of_records"]) == ("MTAwMA", 1_000)
    assert first["records"].splitlines()[:2] == ['"Id","SystemModstamp"', f'"{A}","2026-06-30T10:00:00.000Z"']
    last = salesforce.bulk2.Lead._client.get_query_results(job["id"], locator="MjAwMA", max_records=1_000)
    assert (last["locator"] or "null", last["number_of_records"]) == ("null", PLAIN_LEADS + 2 - 2_000)


def test_bulk_and_rest_give_the_same_rows(salesforce: Any) -> None:
    soql = "SELECT Id, LastName, Owner.Name FROM Lead"
    rest = [
        (row["Id"], row["LastName"], (row["Owner"] or {}).get("Name", ""))
        for row in salesforce.query_all(soql, include_deleted=True)["records"]
    ]
    bulk = [(row["Id"], row["LastName"], row["Owner.Name"]) for row in bulk_rows(salesforce, soql, max_records=900)]
    assert bulk == rest


def test_an_empty_bulk_result_is_a_header(salesforce: Any) -> None:
    pages = list(salesforce.bulk2.Lead.query("SELECT Id, Status FROM Lead WHERE Id = 'none'", wait=0.01))
    assert pages == ['"Id","Status"\n']


def test_other_delimiters_and_line_ends_are_spoken(salesforce: Any) -> None:
    soql = f"SELECT Id, Status FROM Lead WHERE Id = '{A}'"
    [page] = salesforce.bulk2.Lead.query(soql, wait=0.01, column_delimiter="PIPE", line_ending="CRLF")
    assert page == f'"Id"|"Status"\r\n"{A}"|"In behandeling"\r\n'


def test_a_job_that_is_over_can_be_deleted_but_not_aborted(salesforce: Any, vendors: Contract) -> None:
    job = salesforce.bulk2.Lead._client.create_job("query", query="SELECT Id FROM Lead")
    salesforce.bulk2.Lead._client.wait_for_job(job["id"], True, wait=0.01)
    with pytest.raises(SalesforceMalformedRequest, match="INVALIDJOBSTATE"):
        salesforce.bulk2.Lead._client.abort_job(job["id"], True)
    url = f"{vendors['endpoints']['salesforce_global']}{DATA}/jobs/query/{job['id']}"
    assert requests.delete(url, headers=salesforce.headers, timeout=10).status_code == 204
    with pytest.raises(SalesforceResourceNotFound):
        salesforce.bulk2.Lead._client.get_job(job["id"], True)


def test_a_job_belongs_to_the_version_that_created_it(salesforce: Any, vendors: Contract) -> None:
    job = salesforce.bulk2.Lead._client.create_job("query", query="SELECT Id FROM Lead")
    url = f"{vendors['endpoints']['salesforce_global']}/services/data/v60.0/jobs/query/{job['id']}"
    assert requests.get(url, headers=salesforce.headers, timeout=10).status_code == 409


def test_results_are_compressed_for_those_who_accept_it(salesforce: Any, vendors: Contract) -> None:
    job = salesforce.bulk2.Lead._client.create_job("query", query="SELECT Id FROM Lead")
    salesforce.bulk2.Lead._client.wait_for_job(job["id"], True, wait=0.01)
    url = f"{vendors['endpoints']['salesforce_global']}{DATA}/jobs/query/{job['id']}/results"
    plain = requests.get(url, headers={**salesforce.headers, "Accept-Encoding": "identity"}, timeout=10)
    packed = requests.get(url, headers={**salesforce.headers, "Accept-Encoding": "gzip"}, timeout=10)
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert packed.content == plain.content
    assert packed.headers["Sforce-Locator"] == "null"


def test_bulk_refuses_aggregates(salesforce: Any) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="API_ERROR"):
        salesforce.bulk2.Lead._client.create_job("query", query="SELECT COUNT() FROM Lead")
