"""What each vendor was asked to do: the numbers tests assert on ("one login", "at most ten at once")."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Meter:
    """Counts of one vendor: ``requests``, ``rows``, ``logins``, ``tokens``, ``jobs_open``, ``errors`` (of which
    ``server_errors`` had a status of 500 or more) and so on.

    ``max_in_flight`` is the most requests that were ever being answered at the same time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter(
            requests=0, rows=0, logins=0, errors=0, server_errors=0, tokens=0, jobs_created=0, jobs_open=0, jobs_kept=0
        )
        self._in_flight = 0
        self._max_in_flight = 0

    def add(self, what: str, amount: int = 1) -> None:
        """Count ``amount`` more of ``what``; negative amounts give back (a job that closed)."""
        with self._lock:
            self._counts[what] += amount

    def error(self, status: int) -> None:
        """Count an error answered with an HTTP status."""
        self.add("errors")
        if status >= 500:
            self.add("server_errors")

    def peak(self, what: str, value: int) -> None:
        """Remember the highest value of ``what``."""
        with self._lock:
            self._counts[what] = max(self._counts[what], value)

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request, in flight for the duration of the block."""
        with self._lock:
            self._counts["requests"] += 1
            self._in_flight += 1
            self._max_in_flight = max(self._max_in_flight, self._in_flight)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight -= 1

    def snapshot(self) -> dict[str, int]:
        """All counts now."""
        with self._lock:
            return {**self._counts, "in_flight": self._in_flight, "max_in_flight": self._max_in_flight}
