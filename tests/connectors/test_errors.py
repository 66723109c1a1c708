from datetime import UTC, datetime

import pytest

from connectors import errors
from connectors.errors import ConnectorError, QuotaExhausted, RetriableError
from connectors.specs import GA4Connection, SalesforceConnection, require_loopback


def test_an_error_names_source_scope_stream_window_cause_and_next_step() -> None:
    error = ConnectorError("It broke", source="ga4", cause="HTTP 500", next_step="Wait.")
    text = str(error.at(scope="nl", stream="sessions", window="2026-06-01..2026-06-30"))
    assert text == (
        "It broke [source ga4, scope nl, stream sessions, window 2026-06-01..2026-06-30]. Cause: HTTP 500. Next: Wait."
    )


def test_what_an_error_knows_is_not_overwritten_by_its_surroundings() -> None:
    error = ConnectorError("It broke", source="ga4", scope="nl").at(scope="global", stream="sessions")
    assert (error.scope, error.stream) == ("nl", "sessions")


def test_facts_are_flat_texts_without_gaps() -> None:
    facts = RetriableError("Busy", source="ecb", retry_after_seconds=5).facts()
    assert facts["error"] == "RetriableError"
    assert "window" not in facts
    assert facts["next_step"]


def test_an_exhausted_quota_says_when_to_resume() -> None:
    resume_at = datetime(2026, 7, 2, 7, tzinfo=UTC)
    assert resume_at.isoformat() in str(QuotaExhausted("Empty", resume_at=resume_at, source="ga4"))


def test_secrets_do_not_show_when_connections_are_printed() -> None:
    salesforce = SalesforceConnection("global", "x.my", "64.0", "KEY-1", "SECRET-1", "L__c", "B__c", "V__c")
    shown = repr(salesforce) + repr(GA4Connection('{"private_key": "KEY-2"}'))
    assert not [word for word in ("KEY-1", "SECRET-1", "KEY-2") if word in shown]


@pytest.mark.parametrize("endpoint", ["http://vendor.example:80", "10.0.0.1:443", "http://127.0.0.1.vendor.example"])
def test_an_endpoint_elsewhere_than_on_this_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(errors.ConfigurationError, match="this machine"):
        require_loopback(endpoint, "ga4")


def test_loopback_endpoints_are_taken() -> None:
    assert [require_loopback(e, "ga4") for e in ("127.0.0.1:1", "http://localhost:2", "http://[::1]:3")]
