"""GA4 going wrong on purpose, seen through Google's own client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.analytics.data_v1beta import types
from google.api_core import exceptions
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request

from benchmarks.loopback import google_credentials
from sandbox.faults import Action, Fault, Match, Remove, Rename, Restate, Truncation
from sandbox.vendors.cast import Settings
from sandbox.vendors.ga4.quota import QuotaLimits
from sandbox.vendors.network import Network

from .conftest import grpc_client, rest_client
from .faulty_network import GA4, fired, spoil, spoilt_network
from .reports import NAME, ordered, report, rows
from .vendor_miniature import PROPERTY

DAY = report(("date", "sessionMedium"), ("sessions",), "2026-06-20", order_bys=ordered("sessionMedium"))
DIRECT, PAID, ORGANIC = ("20260620", "(none)", "20"), ("20260620", "cpc", "50"), ("20260620", "organic", "100")


@pytest.fixture(scope="module")
def module_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    limits = QuotaLimits(server_errors_per_project_per_hour=1_000)
    with spoilt_network(tmp_path_factory.mktemp("faults"), Settings(ga4_limits=limits)) as network:
        yield network


@pytest.fixture(scope="module")
def clients(module_network: Network) -> dict[str, Any]:
    return {"grpc": grpc_client(module_network.contract), "rest": rest_client(module_network.contract)}


@pytest.fixture(params=["grpc", "rest"])
def client(request: pytest.FixtureRequest, clients: dict[str, Any]) -> Any:
    return clients[request.param]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, exceptions.BadRequest),
        (403, exceptions.Forbidden),
        (404, exceptions.NotFound),
        (429, exceptions.TooManyRequests),
        (500, exceptions.InternalServerError),
        (503, exceptions.ServiceUnavailable),
        (504, exceptions.GatewayTimeout),
    ],
)
def test_a_status_is_the_same_error_over_both_transports(
    network: Network, client: Any, status: int, error: type[Exception]
) -> None:
    spoil(network, GA4, status=status, message="Said on purpose.")
    with pytest.raises(error, match="Said on purpose"):
        client.run_report(DAY)
    assert rows(client.run_report(DAY)) == [DIRECT, PAID, ORGANIC]


def test_a_page_of_html_is_no_answer(network: Network, clients: dict[str, Any]) -> None:
    spoil(network, GA4, Match(times=2), html=True)
    with pytest.raises(exceptions.Unknown):
        clients["grpc"].run_report(DAY)
    with pytest.raises(Exception, match="Failed to load JSON"):
        clients["rest"].run_report(DAY)


@pytest.mark.parametrize("action", [{"cut_body_at": 60}, {"truncate_body_at": 60}, {"corrupt_gzip": True}])
def test_a_damaged_body_is_never_taken_for_an_answer(network: Network, client: Any, action: dict[str, Any]) -> None:
    spoil(network, GA4, **action)
    with pytest.raises(Exception, match=r"deserializing|decompress|load JSON|Connection broken|decode"):
        client.run_report(DAY)
    assert fired(network) == [1]


def test_an_answer_that_drips_in_arrives_whole(network: Network, client: Any) -> None:
    spoil(network, GA4, slow_loris_seconds=0.1)
    assert rows(client.run_report(DAY)) == [DIRECT, PAID, ORGANIC]


def test_a_hanging_call_ends_at_the_clients_own_deadline(network: Network, clients: dict[str, Any]) -> None:
    spoil(network, GA4, hang=True)
    with pytest.raises(exceptions.DeadlineExceeded):
        clients["grpc"].run_report(DAY, timeout=0.2)
    network.faults.clear()
    assert clients["grpc"].run_report(DAY).row_count == 3


@pytest.mark.parametrize(
    ("action", "expected", "row_count"),
    [
        ({"drop_rows": 1}, [DIRECT, PAID], 3),
        ({"duplicate_rows": 1}, [DIRECT, PAID, ORGANIC, DIRECT], 3),
        ({"drop_rows": 1, "duplicate_rows": 1}, [DIRECT, PAID, DIRECT], 3),
        ({"reorder_rows": 2}, [PAID, DIRECT, ORGANIC], 3),
        ({"empty": True}, [], 0),
        ({"odd_number": "NaN"}, [("20260620", "(none)", "NaN"), PAID, ORGANIC], 3),
        ({"reserved_total": True}, [DIRECT, PAID, ORGANIC, ("RESERVED_TOTAL", "RESERVED_TOTAL", "170")], 3),
    ],
)
def test_rows_go_wrong_while_the_count_beside_them_stays(
    network: Network, client: Any, action: dict[str, Any], expected: list[tuple[str, ...]], row_count: int
) -> None:
    spoil(network, GA4, **action)
    answer = client.run_report(DAY)
    assert (rows(answer), answer.row_count) == (expected, row_count)


def test_headers_come_in_another_order_and_values_with_them(network: Network, client: Any) -> None:
    spoil(network, GA4, shuffle_headers=True)
    answer = client.run_report(DAY)
    assert [header.name for header in answer.dimension_headers] == ["sessionMedium", "date"]
    assert rows(answer)[0] == ("(none)", "20260620", "20")


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"restate_day": Restate("2026-06-20", 150)}, ["30", "75", "150"]),
        ({"restate_day": Restate("2026-06-21", 150)}, ["20", "50", "100"]),
        ({"restate_day": Restate(percent=200)}, ["40", "100", "200"]),
        ({"rename_tuple": Rename("sessionMedium", "cpc", "organic")}, ["20", "150"]),
        ({"rename_tuple": Rename("sessionMedium", "cpc", "organic", "2026-06-19")}, ["20", "50", "100"]),
        ({"remove_tuple": Remove("sessionMedium", "cpc")}, ["20", "100"]),
        ({"remove_tuple": Remove(day="2026-06-20")}, []),
    ],
)
def test_what_a_property_knows_of_a_day_changes(
    network: Network, client: Any, action: dict[str, Any], expected: list[str]
) -> None:
    spoil(network, GA4, Match(property=PROPERTY, times=0), **action)
    answer = client.run_report(DAY)
    assert [row[-1] for row in rows(answer)] == expected
    assert answer.row_count == len(expected)


def test_several_restatements_add_up(network: Network, client: Any) -> None:
    network.faults.add(
        Fault(GA4, Match(times=0), Action(restate_day=Restate("2026-06-20", 200))),
        Fault(GA4, Match(times=0), Action(restate_day=Restate("2026-06-21", 300))),
        Fault(GA4, Match(times=0), Action(remove_tuple=Remove("sessionMedium", "cpc"))),
    )
    days = report(("date",), ("sessions",), "2026-06-19", "2026-06-21", order_bys=ordered("date"))
    assert [row[-1] for row in rows(client.run_report(days))] == ["120", "240", "360"]


def test_a_day_restated_between_two_pages_moves_the_row_count(network: Network, client: Any) -> None:
    spoil(network, GA4, Match(page=2), remove_tuple=Remove("sessionMedium", "cpc"))
    pages = []
    for offset in (0, 2):
        request = types.RunReportRequest(DAY)
        request.limit, request.offset = 2, offset
        pages.append(client.run_report(request))
    assert [page.row_count for page in pages] == [3, 2]


def test_google_says_what_it_did_to_the_numbers(network: Network, client: Any) -> None:
    spoil(
        network, GA4, switch_time_zone="Europe/Berlin", switch_currency="USD", sampled=40, restricted_metric="sessions"
    )
    metadata = client.run_report(DAY).metadata
    assert (metadata.time_zone, metadata.currency_code) == ("Europe/Berlin", "USD")
    [sample] = metadata.sampling_metadatas
    assert (sample.samples_read_count, sample.sampling_space_size) == (400_000, 1_000_000)
    [restriction] = metadata.schema_restriction_response.active_metric_restrictions
    assert restriction.metric_name == "sessions"


def test_a_property_that_has_lost_its_old_days_says_so(network: Network, client: Any) -> None:
    spoil(network, GA4, truncation=Truncation("2026-06-20"))
    days = report(("date",), ("sessions",), "2026-06-18", "2026-06-21", order_bys=ordered("date"))
    answer = client.run_report(days)
    assert [row[0] for row in rows(answer)] == ["20260620", "20260621"]
    [reason] = answer.metadata.data_truncation_reasons
    assert reason.data_truncation_type.name == "DATA_TRUNCATION_TYPE_PROPERTY"
    assert reason.data_truncation_date == "2026-06-20"


def test_rows_beyond_a_limit_become_other_and_the_sum_stays(network: Network, client: Any) -> None:
    spoil(network, GA4, Match(above_days=1, times=0), other_row=1)
    days = report(("date", "sessionMedium"), ("sessions",), "2026-06-19", "2026-06-20", order_bys=ordered("date"))
    answer = client.run_report(days)
    assert sorted(rows(answer)) == [
        ("20260619", "(other)", "70"),
        ("20260619", "organic", "100"),
        ("20260620", "(other)", "70"),
        ("20260620", "organic", "100"),
    ]
    assert answer.metadata.data_loss_from_other_row
    assert not client.run_report(DAY).metadata.data_loss_from_other_row


def test_small_rows_are_withheld_for_privacy(network: Network, client: Any) -> None:
    spoil(network, GA4, thresholded=50)
    answer = client.run_report(DAY)
    assert rows(answer) == [PAID, ORGANIC]
    assert answer.metadata.subject_to_thresholding


def test_a_metric_that_was_removed_is_unknown_to_reports_and_metadata(network: Network, client: Any) -> None:
    spoil(network, GA4, Match(times=0), remove_field="sessions")
    with pytest.raises(exceptions.BadRequest, match="Field sessions is not a valid metric"):
        client.run_report(DAY)
    names = {metric.api_name for metric in client.get_metadata(name=f"{NAME}/metadata").metrics}
    assert "sessions" not in names
    assert "keyEvents" in names
    asked = types.CheckCompatibilityRequest(property=NAME, metrics=[types.Metric(name="sessions")])
    with pytest.raises(exceptions.BadRequest, match="sessions"):
        client.check_compatibility(asked)


def test_faults_are_told_apart_by_method_and_path(network: Network, client: Any) -> None:
    network.faults.add(
        Fault(GA4, Match(verb="GetMetadata"), Action(status=503)),
        Fault(GA4, Match(path=":batchRunReports$"), Action(status=403)),
    )
    assert client.run_report(DAY).row_count == 3
    with pytest.raises(exceptions.ServiceUnavailable):
        client.get_metadata(name=f"{NAME}/metadata")
    with pytest.raises(exceptions.Forbidden):
        client.batch_run_reports(types.BatchRunReportsRequest(property=NAME, requests=[DAY]))


def test_an_expired_token_is_replaced_by_a_client_that_asks_again(network: Network) -> None:
    client = rest_client(network.contract)
    client.run_report(DAY)
    spoil(network, GA4, expire_token=True)
    logins = network.meters()["google_oauth"]["logins"]
    assert client.run_report(DAY).row_count == 3  # the REST transport renews its token on 401
    assert network.meters()["google_oauth"]["logins"] == logins + 1
    stale = grpc_client(network.contract)
    stale.run_report(DAY)
    spoil(network, GA4, expire_token=True)
    for _ in range(2):
        with pytest.raises(exceptions.Unauthenticated):
            stale.run_report(DAY)


def test_the_token_endpoint_refuses_in_its_own_words(network: Network) -> None:
    spoil(network, "google_identity", status=400, code="invalid_grant", message="Invalid JWT: iat is in the future.")
    with pytest.raises(RefreshError, match="iat is in the future"):
        google_credentials(network.contract).refresh(Request())
