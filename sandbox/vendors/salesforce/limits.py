"""What an org may use in 24 hours.

Numbers: Enterprise Edition gets 100,000 calls plus 1,000 a licence; Bulk API 2.0 10,000 query jobs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.vendors.allowance import Allowance
from sandbox.vendors.meters import Meter
from sandbox.vendors.salesforce.errors import SalesforceError

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class OrgLimits:
    """An org's limits: API calls and Bulk 2.0 query jobs, each in any 24 hours."""

    api_requests: int = 115_000
    query_jobs: int = 10_000


class OrgUsage:
    """An org's meters."""

    def __init__(self, limits: OrgLimits, meter: Meter) -> None:
        self._meter = meter
        self._calls = Allowance(limits.api_requests, DAY)
        self._jobs = Allowance(limits.query_jobs, DAY)

    def call(self, now: datetime, calls: int = 1) -> None:
        """Count API calls. Raises SalesforceError REQUEST_LIMIT_EXCEEDED (403, not 429) when none is left."""
        if self._calls.is_exhausted(now):
            raise SalesforceError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
        self.drain(now, calls)

    def drain(self, now: datetime, calls: int) -> None:
        """Others make calls; what is left afterwards is not asked."""
        self._calls.spend(now, calls)
        self._meter.peak("peak_percent_api_requests", self._calls.used_percent(now))

    def job(self, now: datetime) -> None:
        """Count a query job. Raises SalesforceError LIMIT_EXCEEDED when none is left."""
        if self._jobs.is_exhausted(now):
            raise SalesforceError("LIMIT_EXCEEDED", "Max number of query jobs per 24 hrs has been exceeded.")
        self._jobs.spend(now)
        self._meter.peak("peak_percent_query_jobs", self._jobs.used_percent(now))

    def header(self, now: datetime) -> str:
        """The ``Sforce-Limit-Info`` header."""
        return f"api-usage={self._calls.used(now)}/{self._calls.limit}"

    def body(self, now: datetime) -> dict[str, dict[str, int]]:
        """``GET …/limits``."""
        megabytes = 1_000_000
        return {
            "DailyApiRequests": _row(self._calls, now),
            "DailyBulkV2QueryJobs": _row(self._jobs, now),
            "DailyBulkV2QueryFileStorageMB": {"Max": megabytes, "Remaining": megabytes},
            "ConcurrentAsyncGetReportInstances": {"Max": 200, "Remaining": 200},
        }


def _row(allowance: Allowance, now: datetime) -> dict[str, int]:
    return {"Max": allowance.limit, "Remaining": max(allowance.remaining(now), 0)}
