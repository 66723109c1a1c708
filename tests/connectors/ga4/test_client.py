import json

import grpc
import pytest

from connectors.errors import ConfigurationError, ConnectorError, SourceUnavailable
from connectors.ga4.client import GA4Client
from connectors.ga4.login import SCOPE
from connectors.specs import GA4Connection
from tests.connectors.ga4.fake import NOW, TOKEN, FakeGoogle, Now, credentials, refuse, serving

UNAVAILABLE = refuse(grpc.StatusCode.UNAVAILABLE)


def ask(client: GA4Client) -> None:
    client.check("310000001")


def test_passing_troubles_are_tried_again(client: GA4Client, google: FakeGoogle) -> None:
    """GA-07: the official client itself repeats nothing."""
    google.troubles = [UNAVAILABLE, refuse(grpc.StatusCode.INTERNAL)]
    ask(client)
    assert len(google.requests) == 3


@pytest.mark.parametrize(
    "code",
    [
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.INTERNAL,
        grpc.StatusCode.UNKNOWN,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DATA_LOSS,
    ],
)
def test_every_kind_of_passing_trouble_is_tried_again(
    client: GA4Client, google: FakeGoogle, code: grpc.StatusCode
) -> None:
    """GA-07."""
    google.troubles = [refuse(code)]
    ask(client)
    assert len(google.requests) == 2


def test_three_attempts_are_all_with_rests_of_random_length_between(
    client: GA4Client, google: FakeGoogle, now: Now
) -> None:
    """GA-05."""
    google.troubles = [UNAVAILABLE] * 5
    with pytest.raises(SourceUnavailable, match="ServiceUnavailable"):
        ask(client)
    assert len(google.requests) == 3
    assert 0 < now.slept[0] < 1
    assert 0 < now.slept[1] < 2


@pytest.mark.parametrize("code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.PERMISSION_DENIED])
def test_a_refusal_is_final_and_says_what_to_do(client: GA4Client, google: FakeGoogle, code: grpc.StatusCode) -> None:
    """GA-22, GA-32."""
    google.troubles = [refuse(code, "because")]
    with pytest.raises(ConfigurationError, match=r"because.*Next: \w+"):
        ask(client)
    assert len(google.requests) == 1


def test_a_token_that_is_refused_is_replaced_once(client: GA4Client, google: FakeGoogle) -> None:
    """GA-33: a token can end before its time; a second refusal is about the account."""
    google.troubles = [refuse(grpc.StatusCode.UNAUTHENTICATED)]
    ask(client)
    assert (len(google.requests), google.logins) == (2, 2)
    google.troubles = [refuse(grpc.StatusCode.UNAUTHENTICATED)] * 2
    with pytest.raises(ConfigurationError, match="Replace the service account's key"):
        ask(client)


def test_one_login_serves_all_calls(client: GA4Client, google: FakeGoogle) -> None:
    for _ in range(3):
        ask(client)
    assert google.logins == 1


def test_a_rejected_service_account_is_a_matter_of_configuration_and_not_repeated() -> None:
    """GA-33: also when the clock is wrong; nothing of Google's text, which may quote the assertion, is shown."""
    google = FakeGoogle(token_status=400)
    with (
        serving(google) as connection,
        GA4Client(connection, lambda: NOW) as client,
        pytest.raises(ConfigurationError, match="did not accept") as raised,
    ):
        ask(client)
    assert google.logins == 1
    assert "JWT" not in str(raised.value)


def test_an_answer_of_the_token_service_that_is_no_json_is_an_outage() -> None:
    """GA-33, GA-38: a maintenance page with status 200."""
    google = FakeGoogle(token_body="<html>Back soon</html>")
    with (
        serving(google) as connection,
        GA4Client(connection, lambda: NOW, pause=0.01) as client,
        pytest.raises(SourceUnavailable, match="token service"),
    ):
        ask(client)


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"type": "authorized_user"}'])
def test_credentials_that_are_none_are_refused_without_being_shown(text: str) -> None:
    """PR-08."""
    with pytest.raises(ConfigurationError, match="key file"):
        GA4Client(GA4Connection(text, "127.0.0.1:1"), lambda: NOW)


def test_calls_without_encryption_go_to_this_machine_only() -> None:
    """PR-15."""
    connection = GA4Connection(credentials("http://127.0.0.1:1/token"), "analytics.vendor.example:443")
    with pytest.raises(ConfigurationError, match="this machine"):
        GA4Client(connection, lambda: NOW)


def test_a_call_that_hangs_is_given_up() -> None:
    """GA-07: by our own deadline."""
    google = FakeGoogle()
    with serving(google) as connection, GA4Client(connection, lambda: NOW, timeout=0.2, pause=0.01) as client:
        client.check("310000001")
        google.lock.acquire()  # the fake takes it for every call
        try:
            with pytest.raises(SourceUnavailable, match="DeadlineExceeded"):
                client.check("310000001")
        finally:
            google.lock.release()


def test_only_reading_is_asked_for() -> None:
    """PR-14."""
    assert SCOPE == "https://www.googleapis.com/auth/analytics.readonly"


@pytest.mark.parametrize(
    "code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED]
)
def test_no_error_and_no_log_line_shows_the_key_or_the_token(
    google: FakeGoogle, code: grpc.StatusCode, caplog: pytest.LogCaptureFixture
) -> None:
    """PR-08."""
    caplog.set_level("DEBUG", "connectors")
    google.troubles = [refuse(code)] * 9
    with serving(google) as connection, GA4Client(connection, lambda: NOW, pause=0.01) as client:
        with pytest.raises(ConnectorError) as raised:
            ask(client)
        key = json.loads(connection.credentials_json)["private_key"]
        shown = f"{raised.value!r} {raised.value} {raised.value.facts()} {raised.value.__context__} {caplog.text}"
        assert TOKEN not in shown
        assert key[40:80] not in shown
        assert key[40:80] not in repr(connection)
