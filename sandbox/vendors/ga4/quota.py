"""Quotas of a property, as counted by the Data API for a standard property.

Numbers: developers.google.com/analytics/devguides/reporting/data/v1/quotas.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.vendors.allowance import Allowance, DailyAllowance
from sandbox.vendors.ga4.errors import exhausted
from sandbox.vendors.meters import Meter

HOUR = timedelta(hours=1)
RESET_ZONE = "America/Los_Angeles"  # "daily quotas are refreshed at midnight PST"

_REFUSALS = {
    "tokens_per_day": "Exhausted property tokens per day. These quota tokens will return in under 24 hours.",
    "tokens_per_hour": "Exhausted property tokens per hour. These quota tokens will return in under an hour.",
    "tokens_per_project_per_hour": "Exhausted property tokens for a project per hour."
    " These quota tokens will return in under an hour.",
    "server_errors_per_project_per_hour": "Exhausted server errors quota.",
}


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
    """One property's meters. A request's tokens are charged to day, hour and project-hour at once.

    ``meter`` counts for tests; its ``peak_percent_…`` is the highest share of a quota that was ever used.
    """

    def __init__(self, limits: QuotaLimits, meter: Meter | None = None) -> None:
        self.meter = meter or Meter()
        self._limits = limits
        self._lock = threading.Lock()
        self._in_flight = 0
        self._tokens: dict[str, Allowance] = {
            "tokens_per_day": DailyAllowance(limits.tokens_per_day, RESET_ZONE),
            "tokens_per_hour": Allowance(limits.tokens_per_hour, HOUR),
            "tokens_per_project_per_hour": Allowance(limits.tokens_per_project_per_hour, HOUR),
        }
        self._server_errors = Allowance(limits.server_errors_per_project_per_hour, HOUR)
        self._thresholded = Allowance(limits.potentially_thresholded_requests_per_hour, HOUR)

    @contextmanager
    def request(self, now: datetime) -> Iterator[None]:
        """One request in flight. Raises GoogleError (429) when it is one too many or a quota is used up."""
        with self.meter.request(), self._place():
            self._refuse_when_drained(now)
            yield

    def charge(self, now: datetime, tokens: int) -> None:
        """Take tokens off all three meters; others who use the property do the same."""
        for name, allowance in self._tokens.items():
            self._spend(name, allowance, now, tokens)

    def failed(self, now: datetime, status: int) -> None:
        """A request was answered with an error; 500 and more are rationed."""
        self.meter.error(status)
        if status >= 500:
            self._spend("server_errors_per_project_per_hour", self._server_errors, now, 1)

    def thresholded(self, now: datetime) -> None:
        """A request whose answer may lack rows for privacy. Raises GoogleError (429) when the hour's are used up."""
        if self._thresholded.is_exhausted(now):
            raise exhausted("Exhausted potentially thresholded requests quota.")
        self.meter.add("thresholded")
        self._spend("potentially_thresholded_requests_per_hour", self._thresholded, now, 1)

    def status(self, now: datetime, charged: int, *, is_thresholded: bool = False) -> dict[str, tuple[int, int]]:
        """(consumed by this request, remaining) of each meter, named as in the PropertyQuota message."""
        limits = self._limits
        status = {name: (charged, allowance.remaining(now)) for name, allowance in self._tokens.items()}
        # The request asking is not counted as using up a place: Google shows the full number to a lone client.
        others = max(self._in_flight - 1, 0)
        status["concurrent_requests"] = (others, limits.concurrent_requests - others)
        status["server_errors_per_project_per_hour"] = (0, self._server_errors.remaining(now))
        left = self._thresholded.remaining(now)
        status["potentially_thresholded_requests_per_hour"] = (int(is_thresholded), left)
        return status

    @contextmanager
    def _place(self) -> Iterator[None]:
        with self._lock:
            if self._in_flight >= self._limits.concurrent_requests:
                raise exhausted("Exhausted concurrent requests quota.")
            self._in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def _spend(self, name: str, allowance: Allowance, now: datetime, amount: int) -> None:
        allowance.spend(now, amount)
        self.meter.peak(f"peak_percent_{name}", allowance.used_percent(now))

    def _refuse_when_drained(self, now: datetime) -> None:
        allowances = {**self._tokens, "server_errors_per_project_per_hour": self._server_errors}
        for name, allowance in allowances.items():
            if allowance.is_exhausted(now):
                raise exhausted(_REFUSALS[name])


def token_cost(*, columns: int, days: int, rows: int, conditions: int) -> int:
    """Tokens of a request: "most requests consume 10 or fewer"; more for rows, columns, filters and long ranges."""
    return 1 + columns // 4 + days // 90 + conditions // 2 + rows // 5_000
