"""Quotas of a property, as counted by the Data API for a standard property.

Numbers: developers.google.com/analytics/devguides/reporting/data/v1/quotas.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.vendors.allowance import Allowance
from sandbox.vendors.ga4.errors import exhausted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class QuotaLimits:
    """What a property may use; the defaults are a standard property's (a 360 property has ten times the tokens)."""

    tokens_per_day: int = 200_000
    tokens_per_hour: int = 40_000
    tokens_per_project_per_hour: int = 14_000
    concurrent_requests: int = 10
    server_errors_per_project_per_hour: int = 10
    potentially_thresholded_requests_per_hour: int = 120


class PropertyQuota:
    """One property's meters. A request's tokens are charged to day, hour and project-hour at once."""

    def __init__(self, limits: QuotaLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._in_flight = 0
        self._tokens = {
            "tokens_per_day": Allowance(limits.tokens_per_day, DAY),
            "tokens_per_hour": Allowance(limits.tokens_per_hour, HOUR),
            "tokens_per_project_per_hour": Allowance(limits.tokens_per_project_per_hour, HOUR),
        }

    @contextmanager
    def request(self, now: datetime) -> Iterator[None]:
        """One request in flight. Raises GoogleError (429) when it is one too many or the tokens are used up."""
        with self._lock:
            if self._in_flight >= self._limits.concurrent_requests:
                raise exhausted("Exhausted concurrent requests quota.")
            self._in_flight += 1
        try:
            self._refuse_when_drained(now)
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def charge(self, now: datetime, tokens: int) -> None:
        """Take tokens off all three meters; others who use the property do the same."""
        for allowance in self._tokens.values():
            allowance.spend(now, tokens)

    def status(self, now: datetime, charged: int) -> dict[str, tuple[int, int]]:
        """(consumed by this request, remaining) of each meter, named as in the PropertyQuota message."""
        limits = self._limits
        status = {name: (charged, allowance.remaining(now)) for name, allowance in self._tokens.items()}
        # The request asking is not counted as using up a place: Google shows the full number to a lone client.
        others = max(self._in_flight - 1, 0)
        status["concurrent_requests"] = (others, limits.concurrent_requests - others)
        for name in ("server_errors_per_project_per_hour", "potentially_thresholded_requests_per_hour"):
            status[name] = (0, getattr(limits, name))
        return status

    def _refuse_when_drained(self, now: datetime) -> None:
        texts = {
            "tokens_per_day": "Exhausted property tokens per day. These quota tokens will return in under 24 hours.",
            "tokens_per_hour": "Exhausted property tokens per hour. These quota tokens will return in under an hour.",
            "tokens_per_project_per_hour": "Exhausted property tokens for a project per hour."
            " These quota tokens will return in under an hour.",
        }
        for name, allowance in self._tokens.items():
            if allowance.is_exhausted(now):
                raise exhausted(texts[name])


def token_cost(*, columns: int, days: int, rows: int, conditions: int) -> int:
    """Tokens of a request: "most requests consume 10 or fewer"; more for rows, columns, filters and long ranges."""
    return 1 + columns // 4 + days // 90 + conditions // 2 + rows // 5_000
