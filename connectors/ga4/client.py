"""Transport: reports of a property, over gRPC through the official client's credentials, channel and retry."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import google.auth.transport.requests
import grpc
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
)
from google.analytics.data_v1beta.services.beta_analytics_data.transports.base import DEFAULT_CLIENT_INFO
from google.analytics.data_v1beta.types import DateRange, Metric, RunReportRequest
from google.api_core import exceptions as google_exceptions
from google.api_core import gapic_v1
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.auth.transport import grpc as grpc_transport
from google.oauth2 import service_account
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.ga4.decode import RawReport, decode_report
from connectors.ga4.faults import TRANSIENT, translate, translate_login
from connectors.ga4.quota import QuotaGuard
from connectors.ga4.streams import SOURCE
from connectors.specs import Clock, GA4Connection, require_loopback

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
GOOGLE_ENDPOINT = "analyticsdata.googleapis.com:443"
RUN_REPORT = "/google.analytics.data.v1beta.BetaAnalyticsData/RunReport"
CONCURRENT_PER_PROPERTY = 8  # the API allows 10, for all of the property's users
ATTEMPTS = 3  # every 5xx counts against an allowance of 10 an hour
LOGIN_SECONDS = 30.0
UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded response and the tokens it cost."""

    report: RawReport
    tokens: int


class GA4Client:
    """Runs reports. Thread-safe; one a process is enough for all properties of an account.

    ``timeout`` bounds each attempt, in seconds; ``pause`` is the first wait between attempts. Raises ConfigurationError
    for credentials that are none, or an ``endpoint`` elsewhere than on this machine.
    """

    def __init__(self, connection: GA4Connection, clock: Clock, *, timeout: float = 60.0, pause: float = 1.0) -> None:
        self.quota = QuotaGuard(connection.quota, clock)
        self.visitor_dimension = connection.visitor_dimension
        self._timeout = timeout
        self._pause = pause
        self._credentials = _credentials(connection.credentials_json)
        self._login_request = google.auth.transport.requests.Request()
        self._login_lock = threading.Lock()
        self._slots: dict[str, threading.BoundedSemaphore] = defaultdict(
            lambda: threading.BoundedSemaphore(CONCURRENT_PER_PROPERTY)
        )
        self._channel = _channel(self._credentials, connection.endpoint)
        transport = BetaAnalyticsDataGrpcTransport(channel=self._channel)
        self._client = BetaAnalyticsDataClient(transport=transport)
        # The transport's own stub builds message objects; this one hands over the bytes, on the same channel.
        stub = transport.grpc_channel.unary_unary(
            RUN_REPORT, request_serializer=RunReportRequest.serialize, response_deserializer=None
        )
        wrap_method: Any = gapic_v1.method.wrap_method
        self._call = wrap_method(stub, client_info=DEFAULT_CLIENT_INFO)

    def __enter__(self) -> GA4Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()

    def run_report(self, request: RunReportRequest) -> Answer:
        """One page of a report. Raises the errors of ``faults.translate``; at the reserve QuotaExhausted, uncalled."""
        property_id = request.property.removeprefix("properties/")
        self.quota.check(property_id)
        self._log_in()
        to_grpc_metadata: Any = gapic_v1.routing_header.to_grpc_metadata
        routing = to_grpc_metadata((("property", request.property),))
        with self._slots[property_id]:
            try:
                raw = self._call(request, retry=self._retry(), timeout=self._timeout, metadata=(routing,))
            except (google_exceptions.GoogleAPICallError, google_exceptions.RetryError) as error:
                raise translate(error, property_id, self.quota) from None
        try:
            report = decode_report(raw)
        except (DecodeError, ValueError) as error:
            raise IncompleteResponse("The response cannot be read", source=SOURCE, cause=type(error).__name__) from None
        return Answer(report, self.quota.record(property_id, report.message.property_quota))

    def check(self, property_id: str) -> None:
        """Prove that the account may read a property, by its cheapest report."""
        self.run_report(
            RunReportRequest(
                property=f"properties/{property_id}",
                metrics=[Metric(name="sessions")],
                date_ranges=[DateRange(start_date="yesterday", end_date="yesterday")],
                limit=1,
                return_property_quota=True,
            )
        )

    def _retry(self) -> Retry:
        """A few attempts with jitter, then give up; api_core's Retry knows only deadlines, so its predicate counts."""
        failures = 0

        def again(error: Exception) -> bool:
            nonlocal failures
            failures += 1
            return isinstance(error, TRANSIENT) and failures < ATTEMPTS

        return Retry(predicate=again, initial=self._pause, maximum=20, timeout=ATTEMPTS * self._timeout + 60)

    def _log_in(self) -> None:
        """Get a token before the call: the channel's plug-in would report a bad key as an outage, and retry it."""
        with self._login_lock:
            if self._credentials.valid:
                return
            try:
                self._credentials.refresh(_with_timeout(self._login_request))
            except GoogleAuthError as error:
                raise translate_login(error) from None


def _with_timeout(request: Any) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        named["timeout"] = LOGIN_SECONDS
        return request(*arguments, **named)

    return call


def _credentials(text: str) -> Any:
    factory: Any = service_account.Credentials
    try:
        return factory.from_service_account_info(json.loads(text), scopes=[SCOPE])
    except (ValueError, TypeError, KeyError, GoogleAuthError) as error:
        raise ConfigurationError(
            "The Google Analytics credentials are not a service account's key file",
            source=SOURCE,
            cause=type(error).__name__,
            next_step="Put the whole JSON text of the key file into the environment variable.",
        ) from None


def _channel(credentials: Any, endpoint: str | None) -> grpc.Channel:
    if endpoint is None:
        secure, target = grpc.ssl_channel_credentials(), GOOGLE_ENDPOINT
    else:
        secure, target = grpc.local_channel_credentials(), require_loopback(endpoint, SOURCE)
    request = _with_timeout(google.auth.transport.requests.Request())
    connect: Any = grpc_transport.secure_authorized_channel
    channel: grpc.Channel = connect(credentials, request, target, ssl_credentials=secure, options=UNLIMITED)
    return channel
