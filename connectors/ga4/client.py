"""Transport: reports of a property, over gRPC through the official client's credentials and channel."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
)
from google.analytics.data_v1beta.services.beta_analytics_data.transports.base import DEFAULT_CLIENT_INFO
from google.analytics.data_v1beta.types import DateRange, Metric, RunReportRequest
from google.api_core import gapic_v1
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from connectors.errors import IncompleteResponse
from connectors.ga4.attempts import Caller
from connectors.ga4.compatibility import check_streams
from connectors.ga4.decode import RawReport, decode_report
from connectors.ga4.login import Login
from connectors.ga4.quota import Place, QuotaGuard, Sleep
from connectors.ga4.streams import SOURCE, STREAMS, GA4Stream
from connectors.specs import Clock, GA4Connection

RUN_REPORT = "/google.analytics.data.v1beta.BetaAnalyticsData/RunReport"


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded response and the tokens it cost."""

    report: RawReport
    tokens: int


class GA4Client:
    """Runs reports. Thread-safe; one a process is enough for all properties of an account.

    ``timeout`` bounds each attempt, in seconds, however slowly the answer trickles in; ``pause`` is the longest first
    rest between attempts. ``sleep`` waits that many seconds: for rests, and up to an hour for a rolling quota.
    Raises ConfigurationError for credentials that are none, or an ``endpoint`` elsewhere than on this machine.
    """

    def __init__(
        self,
        connection: GA4Connection,
        clock: Clock,
        *,
        timeout: float = 60.0,
        pause: float = 1.0,
        sleep: Sleep = time.sleep,
        jitter: random.Random | None = None,
    ) -> None:
        self.quota = QuotaGuard(connection.quota, clock, sleep)
        self.visitor_dimension = connection.visitor_dimension
        self._timeout = timeout
        login = Login(connection.credentials_json)
        # Seeded by the process: those that start together must not draw the same rests.
        self._caller = Caller(self.quota, login, sleep, jitter or random.Random(os.getpid()), pause)  # noqa: S311
        self._channel = login.channel(connection.endpoint)
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

    def run_report(self, request: RunReportRequest, *, is_patient: bool = True) -> Answer:
        """One page of a report. Raises the errors of ``attempts``; at the reserve of a daily quota, or of any when not
        patient, QuotaExhausted without a call."""
        to_grpc_metadata: Any = gapic_v1.routing_header.to_grpc_metadata
        routing = to_grpc_metadata((("property", request.property),))

        def call(place: Place) -> Answer:
            raw = self._call(request, timeout=self._timeout, metadata=(routing,))
            try:
                report = decode_report(raw)
            except (DecodeError, ValueError) as error:
                raise IncompleteResponse(
                    "The response cannot be read", source=SOURCE, cause=type(error).__name__
                ) from None
            if not report.message.HasField("metadata"):
                # Well-formed bytes can still be the beginning of an answer only; the metadata comes last.
                raise IncompleteResponse("The response ends early", source=SOURCE)
            place.quota = report.message.property_quota
            return Answer(report, int(place.quota.tokens_per_day.consumed))

        return self._caller.ask(request.property.removeprefix("properties/"), call, is_patient=is_patient)

    def check(self, property_id: str) -> None:
        """Prove that the account may read a property, by its cheapest report."""
        request = RunReportRequest(
            property=f"properties/{property_id}",
            metrics=[Metric(name="sessions")],
            date_ranges=[DateRange(start_date="yesterday", end_date="yesterday")],
            limit=1,
            return_property_quota=True,
        )
        self.run_report(request, is_patient=False)

    def check_streams(self, property_id: str, streams: Sequence[GA4Stream] = STREAMS) -> None:
        """Prove that a property offers every field of the streams, and that those of each go together.

        For once a deploy: two calls a stream at most. Raises ConfigurationError naming the streams and fields.
        """

        def ask(method: str, **request: Any) -> Any:
            return self._caller.ask(
                property_id,
                lambda _: getattr(self._client, method)(request, retry=None, timeout=self._timeout),
                is_patient=False,
            )

        check_streams(ask, property_id, [stream.asking_for(self.visitor_dimension) for stream in streams])
