"""GA4's quotas as they run out and come back: by the sliding hour, and at midnight in California."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest
from google.analytics.data_v1beta import types
from google.api_core import exceptions

from sandbox.faults import Match
from sandbox.vendors.cast import Settings
from sandbox.vendors.ga4.quota import QuotaLimits

from .conftest import grpc_client
from .faulty_network import GA4, spoil, spoilt_network
from .test_fault_google_analytics import DAY
from .vendor_miniature import PROPERTY

METER = f"google_analytics/{PROPERTY}"


def test_others_use_up_the_hour_and_it_comes_back_as_the_window_slides(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network:
        client = grpc_client(network.contract)
        spoil(network, GA4, drain_tokens=14_000)
        with pytest.raises(exceptions.ResourceExhausted, match="for a project per hour"):
            client.run_report(DAY)
        network.clock.advance(seconds=3_599)
        with pytest.raises(exceptions.ResourceExhausted):
            client.run_report(DAY)
        network.clock.advance(seconds=1)
        assert client.run_report(DAY).row_count == 3
        assert network.meters()[METER]["peak_percent_tokens_per_project_per_hour"] == 100


def test_the_days_tokens_come_back_at_midnight_in_california(tmp_path: Any) -> None:
    with spoilt_network(tmp_path, Settings(ga4_limits=QuotaLimits(tokens_per_day=1))) as network:
        client = grpc_client(network.contract)
        client.run_report(DAY)  # 06:00 UTC is 23:00 of the day before
        network.clock.advance(seconds=3_599)
        with pytest.raises(exceptions.ResourceExhausted, match="tokens per day"):
            client.run_report(DAY)
        network.clock.advance(seconds=1)
        assert client.run_report(DAY).row_count == 3


def test_the_eleventh_server_error_of_an_hour_locks_the_project_out(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network:
        client = grpc_client(network.contract)
        spoil(network, GA4, Match(times=10), status=503)
        for left in range(10):
            with pytest.raises(exceptions.ServiceUnavailable):
                client.run_report(DAY)
            assert network.meters()[METER]["server_errors"] == left + 1
        with pytest.raises(exceptions.ResourceExhausted, match="Exhausted server errors quota"):
            client.run_report(DAY)
        assert network.meters()[METER]["peak_percent_server_errors_per_project_per_hour"] == 100
        network.clock.advance(seconds=3_600)
        answer = client.run_report(types.RunReportRequest(DAY, return_property_quota=True))
        assert answer.property_quota.server_errors_per_project_per_hour.remaining == 10


def test_thresholded_requests_are_rationed_by_the_hour(tmp_path: Any) -> None:
    limits = QuotaLimits(potentially_thresholded_requests_per_hour=2)
    with spoilt_network(tmp_path, Settings(ga4_limits=limits)) as network:
        client = grpc_client(network.contract)
        spoil(network, GA4, Match(times=0), thresholded=50)
        request = types.RunReportRequest(DAY, return_property_quota=True)
        quotas = [client.run_report(request).property_quota for _ in range(2)]
        shown = [one.potentially_thresholded_requests_per_hour for one in quotas]
        assert [(one.consumed, one.remaining) for one in shown] == [(1, 1), (1, 0)]
        with pytest.raises(exceptions.ResourceExhausted, match="potentially thresholded requests"):
            client.run_report(DAY)
        assert network.meters()[METER]["thresholded"] == 2
        network.clock.advance(seconds=3_600)
        assert client.run_report(DAY).row_count == 2


def test_a_slow_property_shows_how_many_asked_it_at_once(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network, ThreadPoolExecutor(12) as pool:
        client = grpc_client(network.contract)
        client.run_report(DAY)
        spoil(network, GA4, Match(times=0), hang=True)
        asked = [pool.submit(_outcome, client) for _ in range(12)]
        refused = list(islice(as_completed(asked, timeout=30), 2))
        assert {future.result() for future in refused} == {"Exhausted concurrent requests quota."}
        assert network.meters()[METER]["max_in_flight"] > 10
        assert network.meters()[METER]["errors"] == 2
        network.faults.clear()
        assert [future.result() for future in asked].count("3") == 10


def test_who_no_longer_waits_no_longer_takes_a_place(tmp_path: Any) -> None:
    with spoilt_network(tmp_path) as network:
        client = grpc_client(network.contract)
        client.run_report(DAY)
        spoil(network, GA4, hang=True)
        with pytest.raises(exceptions.DeadlineExceeded):
            client.run_report(DAY, timeout=0.2)
        deadline = time.monotonic() + 30
        while network.meters()[METER]["in_flight"] and time.monotonic() < deadline:
            time.sleep(0.02)
        assert network.meters()[METER]["in_flight"] == 0


def _outcome(client: Any) -> str:
    try:
        return str(client.run_report(DAY).row_count)
    except exceptions.ResourceExhausted as error:
        return str(error.message)
