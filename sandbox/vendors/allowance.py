"""Allowances that come back with (virtual) time: the arithmetic under every vendor's quota."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


class Allowance:
    """At most ``limit`` units in any sliding ``window``; spending is recorded even beyond the limit.

    Vendors charge a request after they have answered it, so the last one may overshoot.
    """

    def __init__(self, limit: int, window: timedelta) -> None:
        self.limit = limit
        self._window = window
        self._lock = threading.Lock()
        self._spent: deque[tuple[datetime, int]] = deque()

    def spend(self, now: datetime, amount: int = 1) -> None:
        """Record ``amount`` units spent at ``now``."""
        with self._lock:
            if self._spent and self._spent[-1][0] == now:
                self._spent[-1] = (now, self._spent[-1][1] + amount)
            else:
                self._spent.append((now, amount))

    def used(self, now: datetime) -> int:
        """Units spent in the window that ends at ``now``; a clock that was set back forgets what lies ahead."""
        start = self._window_start(now)
        with self._lock:
            return sum(amount for at, amount in self._spent if start < at <= now)

    def remaining(self, now: datetime) -> int:
        """Units left; −1 at the least, which is what vendors show for an overshoot."""
        return max(self.limit - self.used(now), -1)

    def used_percent(self, now: datetime) -> int:
        """The share that is used, rounded up; 100 of an allowance of nothing."""
        return -(-100 * self.used(now) // self.limit) if self.limit else 100

    def _window_start(self, now: datetime) -> datetime:
        return now - self._window

    def is_exhausted(self, now: datetime) -> bool:
        """Whether nothing is left."""
        return self.used(now) >= self.limit


class DailyAllowance(Allowance):
    """At most ``limit`` units a calendar day of a time zone."""

    def __init__(self, limit: int, time_zone: str) -> None:
        super().__init__(limit, timedelta(days=1))
        self._zone = ZoneInfo(time_zone)

    def _window_start(self, now: datetime) -> datetime:
        midnight = datetime.combine(now.astimezone(self._zone).date(), time.min, self._zone)
        return midnight - timedelta(microseconds=1)
