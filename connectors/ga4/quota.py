"""Property quotas: every response says what is left; at a tenth of the allowance we stop, so that others can go on."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.errors import QuotaExhausted
from connectors.ga4.streams import SOURCE
from connectors.specs import Clock, GA4Quota

RESERVE = 0.10
"""Never use the last tenth (SEMANTICS, invariant 11)."""

RESET_ZONE = "America/Los_Angeles"
"""Daily quotas come back at midnight Pacific time."""

TOKEN_METERS = ("tokens_per_day", "tokens_per_hour", "tokens_per_project_per_hour")


class QuotaGuard:
    """Remembers, per property, what is left and until when to wait. Thread-safe."""

    def __init__(self, limits: GA4Quota, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._blocked: dict[str, tuple[datetime, str]] = {}
        self._remaining: dict[str, dict[str, int]] = {}

    def check(self, property_id: str) -> None:
        """Raise QuotaExhausted while the property's reserve is reached."""
        with self._lock:
            blocked = self._blocked.get(property_id)
        if blocked and self._clock() < blocked[0]:
            raise QuotaExhausted(blocked[1], resume_at=blocked[0], source=SOURCE, window=f"property {property_id}")

    def record(self, property_id: str, quota: Any) -> int:
        """Take note of a response's ``PropertyQuota`` message; returns the tokens this request consumed."""
        remaining = {meter: int(getattr(quota, meter).remaining) for meter in TOKEN_METERS if quota.HasField(meter)}
        with self._lock:
            self._remaining[property_id] = remaining
            for meter, left in remaining.items():
                if left <= RESERVE * getattr(self._limits, meter):
                    self._blocked[property_id] = (
                        self.resume_at(meter),
                        f"{left} of {getattr(self._limits, meter)} {meter.replace('_', ' ')} are left",
                    )
        return int(quota.tokens_per_day.consumed)

    def block(self, property_id: str, meter: str, message: str) -> QuotaExhausted:
        """Note that the source itself refused; returns the error to raise."""
        resume_at = self.resume_at(meter)
        with self._lock:
            self._blocked[property_id] = (resume_at, message)
        return QuotaExhausted(message, resume_at=resume_at, source=SOURCE, window=f"property {property_id}")

    def remaining(self, property_id: str) -> dict[str, int]:
        """What the last response of a property left, by meter."""
        with self._lock:
            return dict(self._remaining.get(property_id, {}))

    def resume_at(self, meter: str) -> datetime:
        """When a meter has tokens again: next Pacific midnight for the day's, an hour from now for the rolling ones."""
        now = self._clock()
        if meter != "tokens_per_day":
            return now + timedelta(hours=1)
        zone = ZoneInfo(RESET_ZONE)
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)
