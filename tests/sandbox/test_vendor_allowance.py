"""Sliding windows and shared work: the arithmetic under the vendors' quotas and caches."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from sandbox.vendors.allowance import Allowance
from sandbox.vendors.memo import Memo

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_units_come_back_when_the_window_has_slid_past_them() -> None:
    allowance = Allowance(10, HOUR)
    allowance.spend(NOON, 4)
    allowance.spend(NOON + timedelta(minutes=30), 6)
    assert allowance.is_exhausted(NOON + timedelta(minutes=59))
    assert allowance.remaining(NOON + HOUR) == 4
    assert allowance.remaining(NOON + timedelta(minutes=90)) == 10


def test_an_overshoot_shows_as_one_below_zero() -> None:
    allowance = Allowance(10, HOUR)
    allowance.spend(NOON, 25)
    assert allowance.remaining(NOON) == -1


def test_a_clock_set_back_does_not_count_the_future() -> None:
    allowance = Allowance(10, HOUR)
    allowance.spend(NOON, 10)
    assert allowance.remaining(NOON - timedelta(minutes=1)) == 10


def test_what_is_asked_for_at_the_same_time_is_computed_once() -> None:
    memo: Memo[str, int] = Memo(2)
    computed: list[int] = []

    def compute() -> int:
        computed.append(1)
        time.sleep(0.05)
        return 42

    threads = [threading.Thread(target=memo.get, args=("answer", compute)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (memo.get("answer", compute), len(computed)) == (42, 1)


def test_the_least_recently_used_is_forgotten_first() -> None:
    memo: Memo[str, int] = Memo(2)
    for key in ("a", "b", "a", "c"):
        memo.get(key, lambda: 1)
    assert [memo.get(key, lambda: 2) for key in ("a", "c", "b")] == [1, 1, 2]
