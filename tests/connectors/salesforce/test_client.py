from datetime import timedelta
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from connectors.errors import (
    ConfigurationError,
    ConnectorError,
    IncompleteResponse,
    QuotaExhausted,
    RetriableError,
    SourceUnavailable,
)
from connectors.salesforce.bulk import iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from tests.connectors.salesforce.fake import NOW, Answer, FakeOrg, client_of, connection, error, page
from tests.connectors.salesforce.records import lead

QUERY = "SELECT Id, Email FROM Lead WHERE Email = 'ada@loom.example'"


def test_one_login_serves_every_call(client: SalesforceClient, org: FakeOrg) -> None:
    client.check()
    client.count("SELECT COUNT() FROM Lead")
    assert org.logins == 1
    assert client.meter.usage == (10, 1000)


def test_every_request_has_time_limits(client: SalesforceClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """SF-18."""
    timeouts: list[Any] = []
    send = HTTPAdapter.send

    def watch(self: HTTPAdapter, request: Any, **named: Any) -> requests.Response:
        timeouts.append(named["timeout"])
        return send(self, request, **named)

    monkeypatch.setattr(HTTPAdapter, "send", watch)
    client.check()
    assert timeouts == [(10.0, 120.0)] * 2


def test_an_expired_session_is_renewed_once_and_the_call_repeated(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-13."""
    client.check()
    org.troubles = [("limits", error(401, "INVALID_SESSION_ID"))]
    client.check()
    assert org.logins == 2


def test_a_session_that_stays_expired_does_not_log_in_for_ever(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-16."""
    org.troubles = [("limits", error(401, "INVALID_SESSION_ID"))] * 9
    with pytest.raises(RetriableError):
        client.check()
    assert org.logins == 2


def test_a_401_page_instead_of_json_is_an_expired_session(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-14."""
    org.troubles = [("limits", page(401))]
    client.check()
    assert org.logins == 2


@pytest.mark.parametrize(
    "trouble", [page(503), page(200), error(500, "UNKNOWN_EXCEPTION"), lambda _: Answer(420), lambda _: Answer(406)]
)
def test_passing_troubles_are_tried_again(client: SalesforceClient, org: FakeOrg, trouble: Any) -> None:
    """SF-54, SF-55."""
    org.troubles = [("limits", trouble)] * 2
    client.check()
    assert org.calls.count("GET /services/data/v64.0/limits") == 3


def test_three_attempts_are_all(client: SalesforceClient, org: FakeOrg) -> None:
    org.troubles = [("limits", page(503))] * 9
    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        client.check()
    assert org.calls.count("GET /services/data/v64.0/limits") == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (error(400, "MALFORMED_QUERY", "Email = 'ada@loom.example'"), ConfigurationError),
        (error(400, "INVALID_FIELD", f"{QUERY}\n^\nNo such column 'Nope' on entity 'Lead'."), ConfigurationError),
        (error(403, "INSUFFICIENT_ACCESS", QUERY), ConfigurationError),
        (error(400, "QUERY_TIMEOUT", QUERY), RetriableError),
        (
            error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
            RetriableError,
        ),
        (error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), QuotaExhausted),
        (lambda _: Answer(200, b'{"totalSize": 1'), SourceUnavailable),
        (lambda _: Answer(200, {"unexpected": 1}), SourceUnavailable),
    ],
)
def test_errors_are_named_by_recovery_and_quote_neither_query_nor_person(
    client: SalesforceClient, org: FakeOrg, trouble: Any, kind: type[ConnectorError]
) -> None:
    """SF-19, SF-21, SF-54, PR-08."""
    org.troubles = [("queryAll", trouble)] * 3
    with pytest.raises(kind) as raised:
        list(client.iter_records(QUERY))
    error_and_causes = [raised.value, raised.value.__cause__]
    assert not [
        text for text in map(str, error_and_causes) if "ada@" in text or "SELECT" in text or "the-secret" in text
    ]
    assert raised.value.scope == "global"


def test_a_field_the_org_lacks_is_named(client: SalesforceClient, org: FakeOrg) -> None:
    org.troubles = [("queryAll", error(400, "INVALID_FIELD", f"{QUERY} No such column 'Nope' on entity 'Lead'."))]
    with pytest.raises(ConfigurationError, match="no field Nope on Lead"):
        client.count(QUERY)


def test_a_rejected_login_is_a_matter_of_configuration(client: SalesforceClient, org: FakeOrg) -> None:
    org.troubles = [("token", lambda _: Answer(400, {"error": "invalid_client", "error_description": "the-secret"}))]
    with pytest.raises(ConfigurationError, match="did not accept the login") as raised:
        client.check()
    assert "the-secret" not in str(raised.value)
    assert org.calls == ["POST /services/oauth2/token"]


def test_the_last_tenth_of_the_orgs_calls_is_left_to_others(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-20."""
    client.check()
    org.usage = "api-usage=900/1000"
    client.check()
    calls = len(org.calls)
    with pytest.raises(QuotaExhausted) as raised:
        client.check()
    assert len(org.calls) == calls
    assert raised.value.resume_at == NOW + timedelta(hours=1)


def test_the_servers_now_is_never_ahead_of_ours(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-02."""
    org.troubles = [("limits", lambda _: Answer(body={}, headers={"Date": "Wed, 01 Jul 2026 05:58:00 GMT"}))]
    client.count("SELECT COUNT() FROM Lead")
    client.meter.server_date = None
    assert client.server_now() <= NOW


def test_an_endpoint_elsewhere_is_refused() -> None:
    """PR-15."""
    with pytest.raises(ConfigurationError, match="this machine"):
        SalesforceClient(connection(endpoint="http://vendor.example"), lambda: NOW)


def test_nothing_listening_is_an_unavailable_source() -> None:
    client = SalesforceClient(connection(endpoint="http://127.0.0.1:9"), lambda: NOW, sleep=lambda _: None)
    with pytest.raises(SourceUnavailable, match="ConnectionError"):
        client.check()


def test_rest_pages_arrive_whole(client: SalesforceClient, org: FakeOrg) -> None:
    org.records["Lead"] = [lead(n) for n in range(5)]
    assert [len(records) for records in client.iter_records(QUERY)] == [2, 2, 1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"totalSize": 4}, "3 of 4"),
        ({"done": False, "nextRecordsUrl": None}, "does not lead"),
        ({"done": False, "nextRecordsUrl": "/services/data/v64.0/query/Lead-2"}, "does not lead"),
    ],
)
def test_rest_pages_that_do_not_add_up_are_an_error(
    client: SalesforceClient, org: FakeOrg, change: dict[str, Any], words: str
) -> None:
    """SF-09, SF-10, SF-59."""
    org.records["Lead"] = [lead(n) for n in range(3)]
    where = "queryAll" if "totalSize" in change else "Lead-2"
    org.troubles = [(where, lambda answer: Answer(body={**answer.body, **change}))]
    with pytest.raises(IncompleteResponse, match=words):
        list(client.iter_records(QUERY))


def test_a_bulk_job_arrives_in_pages_and_is_deleted(client: SalesforceClient, org: FakeOrg) -> None:
    org.records["Lead"] = [lead(n) for n in range(7)]
    assert [p.rows for p in iter_csv_pages(client, "Lead", QUERY)] == [3, 3, 1]
    assert org.jobs == {}
    assert client.meter.bulk_jobs == 1


def test_a_session_that_expires_while_a_job_runs_does_not_start_a_second_job(
    client: SalesforceClient, org: FakeOrg
) -> None:
    """SF-13."""
    org.records["Lead"] = [lead(1)]
    org.troubles = [("GET .*jobs/query/750", error(401, "INVALID_SESSION_ID"))]
    assert [p.rows for p in iter_csv_pages(client, "Lead", QUERY)] == [1]
    assert (client.meter.bulk_jobs, org.logins) == (1, 2)


def with_headers(**headers: str) -> Any:
    return lambda answer: Answer(
        200, answer.body, {**answer.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


@pytest.mark.parametrize(
    ("pattern", "trouble", "kind"),
    [
        (r"750\d+$", lambda answer: Answer(body={**answer.body, "state": "Failed"}), RetriableError),
        (r"750\d+$", lambda answer: Answer(body={**answer.body, "numberRecordsProcessed": 9}), IncompleteResponse),
        (r"750\d+$", lambda answer: Answer(body={**answer.body, "numberRecordsProcessed": 3}), IncompleteResponse),
        ("results", with_headers(Sforce_Locator="null"), IncompleteResponse),
        ("results", error(404, "NOT_FOUND"), RetriableError),
    ],
)
def test_a_job_that_goes_wrong_is_an_error_and_still_deleted(
    client: SalesforceClient, org: FakeOrg, pattern: str, trouble: Any, kind: type[ConnectorError]
) -> None:
    """SF-08, SF-11, SF-22."""
    org.records["Lead"] = [lead(n) for n in range(7)]
    org.troubles = [(f"GET .*{pattern}", trouble)]
    with pytest.raises(kind):
        list(iter_csv_pages(client, "Lead", QUERY))
    assert org.jobs == {}


def test_a_locator_that_leads_back_is_an_error(client: SalesforceClient, org: FakeOrg) -> None:
    """SF-10."""
    org.records["Lead"] = [lead(n) for n in range(7)]
    org.troubles = [("results", with_headers(Sforce_Locator="3"))] * 3
    with pytest.raises(IncompleteResponse):
        list(iter_csv_pages(client, "Lead", QUERY))


def test_a_consumer_that_stops_early_leaves_no_job_behind() -> None:
    """SF-23."""
    org = FakeOrg(records={"Lead": [lead(n) for n in range(7)]})
    with client_of(org) as client:
        pages = iter_csv_pages(client, "Lead", QUERY)
        next(pages)
        pages.close()  # type: ignore[attr-defined]
    assert org.jobs == {}
