"""Who may ask the GA4 Data API, how much, and at once: by the official client alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from google.api_core import exceptions
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request

from benchmarks.loopback import google_credentials
from sandbox.vendors.cast import Settings
from sandbox.vendors.ga4.quota import QuotaLimits

from .conftest import Contract, StartVendors, grpc_client, rest_client
from .reports import NAME, ordered, report, rows
from .vendor_miniature import PROPERTY

CLIENT_ID = "customUser:client_id"


def test_a_property_of_others_is_forbidden(analytics: Any) -> None:
    with pytest.raises(exceptions.Forbidden, match="sufficient permissions"):
        analytics.run_report(report((), ("sessions",), "today", property="properties/999"))


def test_no_token_and_a_wrong_token_are_unauthenticated(vendors: Contract) -> None:
    url = vendors["endpoints"]["google_analytics_rest"] + f"/v1beta/{NAME}:runReport"
    for headers in ({}, {"Authorization": "Bearer ya29.stolen"}):
        answer = requests.post(url, json={}, headers=headers, timeout=10)
        assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_a_key_that_was_not_given_out_gets_no_token(vendors: Contract, start_vendors: StartVendors) -> None:
    with start_vendors() as others:
        key = json.loads(others["env"]["GOOGLE_ANALYTICS_CREDENTIALS"])
    ours = json.loads(vendors["env"]["GOOGLE_ANALYTICS_CREDENTIALS"])
    forged = {
        **vendors,
        "env": {"GOOGLE_ANALYTICS_CREDENTIALS": json.dumps({**ours, "private_key": key["private_key"]})},
    }
    with pytest.raises(RefreshError, match="invalid_grant"):
        google_credentials(forged).refresh(Request())


def test_a_token_the_account_signed_itself_is_as_good(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        client = grpc_client(contract, google_credentials(contract).with_always_use_jwt_access(True))
        assert client.run_report(report((), ("sessions",), "2026-06-20")).row_count == 1
        meters = requests.get(contract["control"] + "/meters", timeout=10).json()
        assert meters["google_oauth"]["requests"] == 0


def test_many_clients_at_once_get_the_same_answer(start_vendors: StartVendors) -> None:
    with start_vendors() as contract, ThreadPoolExecutor(8) as pool:
        client = grpc_client(contract)
        names = ("date", "sessionMedium")
        request = report(names, ("sessions",), "2026-06-01", "2026-06-27", order_bys=ordered(*names))
        answers = [rows(answer) for answer in pool.map(client.run_report, [request] * 40)]
        assert len(answers[0]) == 81
        assert answers == [answers[0]] * 40
        meter = requests.get(contract["control"] + "/meters", timeout=10).json()["google_analytics"]
        assert (meter["requests"], meter["errors"], meter["in_flight"]) == (40, 0, 0)
        assert meter["max_in_flight"] <= 8


def test_a_token_for_another_scope_does_not_open_reports(vendors: Contract) -> None:
    client = grpc_client(vendors, google_credentials(vendors, ["https://www.googleapis.com/auth/drive"]))
    with pytest.raises(exceptions.Unauthenticated):
        client.run_report(report((), ("sessions",), "today"))


def test_tokens_are_charged_to_day_hour_and_project_and_a_drained_quota_refuses(start_vendors: StartVendors) -> None:
    limits = QuotaLimits(tokens_per_project_per_hour=100)
    with start_vendors(Settings(ga4_limits=limits)) as contract:
        client = grpc_client(contract)
        quota = client.run_report(report((), ("sessions",), "today", return_property_quota=True)).property_quota
        assert (quota.tokens_per_day.consumed, quota.tokens_per_day.remaining) == (1, 199_999)
        assert (quota.tokens_per_project_per_hour.remaining, quota.concurrent_requests.remaining) == (99, 10)
        drained = {"property": PROPERTY, "tokens": 99}
        requests.post(contract["control"] + "/drain/google_analytics", json=drained, timeout=10).raise_for_status()
        with pytest.raises(exceptions.ResourceExhausted, match="Exhausted property tokens for a project per hour"):
            client.run_report(report((), ("sessions",), "today"))
        with pytest.raises(exceptions.TooManyRequests):
            rest_client(contract).run_report(report((), ("sessions",), "today"))
        requests.post(contract["control"] + "/clock", json={"advance_days": 1}, timeout=10).raise_for_status()
        assert client.run_report(report((), ("sessions",), "2026-06-20")).row_count == 1


def test_warnings_of_google_travel_with_the_answer(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        warning = {"property": PROPERTY, "flags": ["subject_to_thresholding", "data_loss_from_other_row"]}
        requests.post(contract["control"] + "/warn/google_analytics", json=warning, timeout=10).raise_for_status()
        metadata = grpc_client(contract).run_report(report((), ("sessions",), "2026-06-20")).metadata
        assert (metadata.subject_to_thresholding, metadata.data_loss_from_other_row) == (True, True)


def test_one_request_too_many_at_once_is_refused(start_vendors: StartVendors) -> None:
    with (
        start_vendors(Settings(ga4_limits=QuotaLimits(concurrent_requests=0))) as contract,
        pytest.raises(exceptions.ResourceExhausted, match=r"Exhausted concurrent requests quota\."),
    ):
        grpc_client(contract).run_report(report((), ("sessions",), "today"))
