from datetime import UTC, datetime, timedelta

import grpc
import pytest

from connectors.errors import ConfigurationError, QuotaExhausted, RetriableError, SourceUnavailable
from connectors.ga4.client import GA4Client
from connectors.ga4.quota import QuotaGuard
from connectors.specs import STANDARD_QUOTA, GA4Connection
from tests.connectors.ga4.fake import NOW, FakeGoogle, credentials, refuse, serving

UNAVAILABLE = refuse(grpc.StatusCode.UNAVAILABLE)


def ask(client: GA4Client) -> None:
    client.check("310000001")


def test_passing_troubles_are_tried_again(client: GA4Client, google: FakeGoogle) -> None:
    google.troubles = [UNAVAILABLE, refuse(grpc.StatusCode.INTERNAL)]
    ask(client)
    assert len(google.requests) == 3


def test_three_attempts_are_all(client: GA4Client, google: FakeGoogle) -> None:
    google.troubles = [UNAVAILABLE] * 5
    with pytest.raises(SourceUnavailable, match="ServiceUnavailable"):
        ask(client)
    assert len(google.requests) == 3


@pytest.mark.parametrize(
    "code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED]
)
def test_a_refusal_is_final_and_says_what_to_do(client: GA4Client, google: FakeGoogle, code: grpc.StatusCode) -> None:
    google.troubles = [refuse(code, "because")]
    with pytest.raises(ConfigurationError, match=r"because.*Next: \w+"):
        ask(client)
    assert len(google.requests) == 1


def test_the_days_quota_comes_back_at_midnight_pacific_and_until_then_nothing_is_asked(
    client: GA4Client, google: FakeGoogle
) -> None:
    google.troubles = [refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, "Exhausted property tokens per day. Wait.")]
    for _ in range(2):
        with pytest.raises(QuotaExhausted) as raised:
            ask(client)
        assert raised.value.resume_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert len(google.requests) == 1


@pytest.mark.parametrize(
    "message",
    ["Exhausted property tokens for a project per hour.", "Exhausted server errors quota.", "Exhausted potentially "],
)
def test_other_quotas_come_back_within_the_hour(client: GA4Client, google: FakeGoogle, message: str) -> None:
    google.troubles = [refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, message)]
    with pytest.raises(QuotaExhausted) as raised:
        ask(client)
    assert raised.value.resume_at == NOW + timedelta(hours=1)


def test_too_many_at_once_is_no_exhausted_quota(client: GA4Client, google: FakeGoogle) -> None:
    google.troubles = [refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, "Exhausted concurrent requests quota.")]
    with pytest.raises(RetriableError) as raised:
        ask(client)
    assert raised.value.retry_after_seconds == 30
    ask(client)


def test_the_last_tenth_of_a_quota_is_left_to_others(client: GA4Client, google: FakeGoogle) -> None:
    google.remaining = 1_400
    ask(client)
    with pytest.raises(QuotaExhausted, match="1400 of 14000 tokens per project per hour"):
        ask(client)
    assert len(google.requests) == 1
    client.check("310000002")


def test_a_quota_that_has_come_back_is_used_again() -> None:
    now = [NOW]
    guard = QuotaGuard(STANDARD_QUOTA, lambda: now[0])
    guard.block("1", "tokens_per_hour", "empty")
    with pytest.raises(QuotaExhausted):
        guard.check("1")
    guard.check("2")
    now[0] += timedelta(hours=1)
    guard.check("1")


def test_one_login_serves_all_calls(client: GA4Client, google: FakeGoogle) -> None:
    for _ in range(3):
        ask(client)
    assert google.logins == 1


def test_a_rejected_service_account_is_a_matter_of_configuration_and_not_repeated() -> None:
    google = FakeGoogle(token_status=400)
    with (
        serving(google) as connection,
        GA4Client(connection, lambda: NOW) as client,
        pytest.raises(ConfigurationError, match="did not accept") as raised,
    ):
        ask(client)
    assert google.logins == 1
    assert "JWT" not in str(raised.value)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"type": "authorized_user"}'])
def test_credentials_that_are_none_are_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigurationError, match="key file"):
        GA4Client(GA4Connection(text, "127.0.0.1:1"), lambda: NOW)


def test_calls_without_encryption_go_to_this_machine_only() -> None:
    connection = GA4Connection(credentials("http://127.0.0.1:1/token"), "analytics.vendor.example:443")
    with pytest.raises(ConfigurationError, match="this machine"):
        GA4Client(connection, lambda: NOW)


def test_a_call_that_hangs_is_given_up() -> None:
    google = FakeGoogle()
    with serving(google) as connection, GA4Client(connection, lambda: NOW, timeout=0.2, pause=0.01) as client:
        client.check("310000001")
        google.lock.acquire()  # the fake takes it for every call
        try:
            with pytest.raises(SourceUnavailable, match="DeadlineExceeded"):
                client.check("310000001")
        finally:
            google.lock.release()
