"""The one place every request to an org passes: time limits, few repeats, errors, allowance.

simple-salesforce has no time limits, repeats nothing, and trips over answers that are not JSON; with this adapter on
its session it only sees good answers.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce

from connectors.deadlines import read_within
from connectors.errors import ConnectorError, QuotaExhausted
from connectors.rests import Rests
from connectors.salesforce.faults import Unanswered, fault_of, is_transient
from connectors.salesforce.grants import granted_user
from connectors.salesforce.stream_specs import SOURCE
from connectors.specs import Clock

TIMEOUT = (10.0, 120.0)
ATTEMPTS = 3
DEADLINE_SECONDS = 600.0
"""For one answer in all."""


class Meter:
    """Counts calls and remembers what answers said about the org's allowance and clock. Thread-safe.

    ``usable`` is the share of the org's calls in 24 hours beyond which we stop: other integrations need the rest.
    """

    def __init__(self, connection: str, clock: Clock, usable: float = 0.80) -> None:
        self._connection = connection
        self._clock = clock
        self._usable = usable
        self._lock = threading.Lock()
        self._blocked_until: datetime | None = None
        self.calls = 0
        self.bulk_jobs = 0
        self.usage: tuple[int, int] | None = None
        self.server_date: datetime | None = None
        self.user_id: str | None = None
        """Who we are in the org, once logged in."""

    def check(self) -> None:
        """Raise QuotaExhausted while our share of the org's calls is used, by us or by others."""
        with self._lock:
            until = self._blocked_until
        if until and self._clock() < until:
            raise QuotaExhausted(
                f"{self._usable:.0%} of the org's API calls of 24 hours are used",
                resume_at=until,
                source=SOURCE,
                scope=self._connection,
            )

    def block(self, until: datetime) -> None:
        """Let nobody call before then: the org has said that nothing is left."""
        with self._lock:
            self._blocked_until = until

    def count_job(self) -> None:
        """Count a bulk job created."""
        with self._lock:
            self.bulk_jobs += 1

    def record(self, response: requests.Response) -> None:
        """Take note of an answer's ``Sforce-Limit-Info`` and ``Date``."""
        usage: Any = Salesforce.parse_api_usage(response.headers.get("Sforce-Limit-Info", "")).get("api-usage")
        date = response.headers.get("Date")
        with self._lock:
            self.calls += 1
            if date:
                self.server_date = parsedate_to_datetime(date).astimezone(UTC)
            if usage:
                self.usage = (usage.used, usage.total)
                is_over = usage.used >= self._usable * usage.total
                self._blocked_until = self._clock() + timedelta(hours=1) if is_over else None


class GuardedAdapter(HTTPAdapter):
    """Sends requests of one org. With an ``endpoint`` (loopback) it sends them there instead of to Salesforce.

    Raises ConnectorError for every answer that is not a good one. After transient errors a request is repeated a few
    times, ``pause`` seconds apart, then twice that; one that creates something only if it was answered.
    ``deadline`` bounds one answer, in seconds.
    """

    def __init__(
        self,
        meter: Meter,
        connection: str,
        clock: Clock,
        *,
        endpoint: str | None = None,
        pause: float = 1.0,
        rests: Rests,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        super().__init__(pool_maxsize=16)
        self._meter = meter
        self._connection = connection
        self._clock = clock
        self._endpoint = endpoint.rstrip("/") if endpoint else None
        self._pause = pause
        self._rests = rests
        self._deadline = deadline

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One request, with our time limits whatever the caller's; the whole body is read."""
        self._prepare(request)
        for attempt in range(1, ATTEMPTS + 1):
            if request.method not in ("DELETE", "PATCH"):  # cleaning up is always allowed
                self._rests.check()
                self._meter.check()
            try:
                return self._send_once(request, verify, cert, None if self._endpoint else proxies)
            except QuotaExhausted as error:
                self._meter.block(error.resume_at)
                raise
            except ConnectorError as error:
                is_lost = isinstance(error, Unanswered) and _creates(request)
                if attempt == ATTEMPTS or is_lost or not is_transient(error):
                    raise
                self._rests(self._pause * 2 ** (attempt - 1))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _prepare(self, request: requests.PreparedRequest) -> None:
        request.headers.pop("X-PrettyPrint", None)  # indented answers are a third longer
        if self._endpoint and request.url:
            parts = urlsplit(request.url)
            request.url = f"{self._endpoint}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def _send_once(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any, proxies: Any
    ) -> requests.Response:
        try:
            response = super().send(request, timeout=TIMEOUT, verify=verify, cert=cert, proxies=proxies)
            is_whole = read_within(response, self._deadline)
        except requests.RequestException as error:
            raise self._unanswered(type(error).__name__) from None
        if not is_whole:
            raise self._unanswered(f"no end of the answer within {self._deadline:g} s")
        self._meter.record(response)
        fault = fault_of(response, self._connection, self._clock())
        if fault is not None:
            raise fault
        self._meter.user_id = granted_user(response, self._connection) or self._meter.user_id
        return response

    def _unanswered(self, cause: str) -> Unanswered:
        return Unanswered("Salesforce did not answer", source=SOURCE, scope=self._connection, cause=cause)


def _creates(request: requests.PreparedRequest) -> bool:
    """Whether sending the request twice could do something twice; two logins are but two sessions."""
    return request.method == "POST" and not urlsplit(request.url or "").path.startswith("/services/oauth2/")
