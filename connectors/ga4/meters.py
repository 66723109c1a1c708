"""What a property grants, what of it is left to others, and when it comes back: pure values.

Numbers and resets: developers.google.com/analytics/devguides/reporting/data/v1/quotas.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.specs import GA4Quota

RESERVED_PARTS = 10
"""Never use the last tenth (SEMANTICS, invariant 11): others read the same property."""

RESET_ZONE = "America/Los_Angeles"
"""Daily quotas come back at midnight Pacific time."""

HOUR = timedelta(hours=1)
TOKENS_PER_DAY = "tokens_per_day"
SERVER_ERRORS = "server_errors_per_project_per_hour"
THRESHOLDED = "potentially_thresholded_requests_per_hour"


@dataclass(frozen=True, slots=True)
class Meter:
    """One allowance. ``name`` is the field of ``PropertyQuota``; ``expected`` what a request may take of it, as far as
    is known before one was answered; ``is_waited_for``: it comes back by itself while we wait."""

    name: str
    limit: int
    expected: int
    is_waited_for: bool = True

    @property
    def reserve(self) -> int:
        """What stays untouched."""
        return -(-self.limit // RESERVED_PARTS)

    def resume_at(self, now: datetime) -> datetime:
        """When it has something again: the day's at the next Pacific midnight, the rolling ones an hour from now."""
        if self.name != TOKENS_PER_DAY:
            return now + HOUR
        zone = ZoneInfo(RESET_ZONE)
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)

    def describe(self, left: int) -> str:
        """Why nothing more is asked."""
        return f"{left} of {self.limit} {self.name.replace('_', ' ')} are left"


def meters_of(limits: GA4Quota) -> tuple[Meter, ...]:
    """All meters of a property.

    "Most requests consume 10 tokens or fewer". Every request can end in a server error; when ten have, the project is
    locked out for the hour, and waiting for a source that is down helps nobody: that one stops the run. A 360 property
    may cause 50 errors; ten are plenty.
    """
    return (
        Meter(TOKENS_PER_DAY, limits.tokens_per_day, 10, is_waited_for=False),
        Meter("tokens_per_hour", limits.tokens_per_hour, 10),
        Meter("tokens_per_project_per_hour", limits.tokens_per_project_per_hour, 10),
        Meter(SERVER_ERRORS, 10, 1, is_waited_for=False),
        Meter(THRESHOLDED, 120, 0),
    )
