"""Reports of a property, asked politely, as columns."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.analytics.data_v1beta.types import DateRange, Metric, RunReportRequest
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from connectors.errors import IncompleteResponse
from connectors.ga4.attempts import Caller
from connectors.ga4.compatibility import check_streams
from connectors.ga4.decode import RawReport, decode_report
from connectors.ga4.experiment_streams import VARIANT_DIMENSION
from connectors.ga4.login import Login
from connectors.ga4.quota import Place, QuotaGuard
from connectors.ga4.streams import SOURCE, STREAMS, VISITOR_DIMENSION, GA4Stream
from connectors.ga4.transports import transport_of
from connectors.rests import Sleep
from connectors.specs import Clock, GA4Connection


@dataclass(frozen=True, slots=True)
class Answer:
    """A decoded response and the tokens it cost."""

    report: RawReport
    tokens: int


class GA4Client:
    """Runs reports. Thread-safe; one a process is enough for all properties of an account.

    ``timeout`` bounds each attempt, in seconds, however slowly the answer trickles in; ``pause`` is the longest first
    rest between attempts. ``sleep`` waits that many seconds: for rests, and up to an hour for a rolling quota.
    Processes that read the same properties share the folder ``state``, so that none starts with a full allowance.
    Raises ConfigurationError for credentials that are none, or an ``endpoint`` elsewhere than on this machine.
    """

    def __init__(
        self,
        connection: GA4Connection,
        clock: Clock,
        *,
        timeout: float = 60.0,
        pause: float = 1.0,
        sleep: Sleep | None = None,
        jitter: random.Random | None = None,
        state: Path | None = None,
    ) -> None:
        self.quota = QuotaGuard(connection.quota, clock, sleep, state)
        self.own_names = {
            VISITOR_DIMENSION: connection.visitor_dimension,
            VARIANT_DIMENSION: connection.variant_dimension,
        }
        self._timeout = timeout
        login = Login(connection.credentials_json)
        # Seeded by the process: those that start together must not draw the same rests.
        self._caller = Caller(self.quota, login, self.quota.rests, jitter or random.Random(os.getpid()), pause)  # noqa: S311
        self._transport = transport_of(connection, login)

    def __enter__(self) -> GA4Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def run_report(self, request: RunReportRequest, *, is_patient: bool = True) -> Answer:
        """One page of a report. Raises the errors of ``attempts``; at the reserve of a daily quota, or of any when not
        patient, QuotaExhausted without a call."""

        def call(place: Place) -> Answer:
            raw = self._transport.run_report(request, self._timeout)
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
                lambda _: self._transport.call(method, request, self._timeout),
                is_patient=False,
            )

        check_streams(ask, property_id, [stream.asking_for(self.own_names) for stream in streams])
