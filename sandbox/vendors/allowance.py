"""Allowances that come back with (virtual) time: the arithmetic under every vendor's quota."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta


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
        with self._lock:
            return sum(amount for at, amount in self._spent if now - self._window < at <= now)

    def remaining(self, now: datetime) -> int:
        """Units left; −1 at the least, which is what vendors show for an overshoot."""
        return max(self.limit - self.used(now), -1)

    def is_exhausted(self, now: datetime) -> bool:
        """Whether nothing is left."""
        return self.used(now) >= self.limit
