"""Windows of changes that adjoin become one, and the landing covers what it covered."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from connectors.landing import ChangeWindow, Landing
from connectors.landing.dataset import LandedWindow
from connectors.landing.joining import joined
from tests.connectors.landing.samples import NOW, PEOPLE, people

OVERLAP = timedelta(minutes=15)


def refresh(landing: Landing, hours: int, scope: str = "nl", **facts: object) -> None:
    end = NOW + timedelta(hours=hours)
    window = ChangeWindow(end - timedelta(hours=1) - OVERLAP, end, {"rows": 1, **facts})
    landing.merge_changes(PEOPLE, scope, people((str(hours), end - OVERLAP, "new")), window)


def test_a_month_of_hourly_refreshes_leaves_three_records_a_scope(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("0", NOW, "new")), ChangeWindow(None, NOW))
    for hours in range(1, 31):
        refresh(landing, hours)
    first, before, last = landing.windows("crm", "people", "nl")
    assert (first.start, first.rows) == (None, 1)
    assert (before.start, before.rows) == ((NOW - OVERLAP).isoformat(), 29)
    assert json.loads(before.metadata)["windows"] == 29
    assert (last.start, last.end) == (before.end.replace("11:00", "10:45"), (NOW + timedelta(hours=30)).isoformat())
    assert landing.covered_until(PEOPLE, "nl") == NOW + timedelta(hours=30)
    assert len(landing.read(PEOPLE)) == 31


def test_what_an_earlier_window_knew_is_kept_and_a_later_one_goes_before_it(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(None, NOW))
    refresh(landing, 1, swept_at="monday", has=["a"])
    refresh(landing, 2, has=["b"])
    refresh(landing, 3)
    _, before, _ = landing.windows("crm", "people", "nl")
    assert json.loads(before.metadata) == {"has": ["b"], "rows": 2, "swept_at": "monday", "windows": 2}


def test_a_gap_stays_a_gap_and_other_scopes_stay_apart(landing: Landing) -> None:
    for scope in ("nl", "de"):
        landing.merge_changes(PEOPLE, scope, people(), ChangeWindow(None, NOW))
    for hours in (1, 2, 5, 6, 7):
        refresh(landing, hours)
    assert landing.covered_until(PEOPLE, "nl") == NOW + timedelta(hours=2)
    assert len(landing.windows("crm", "people", "nl")) == 4
    assert len(landing.windows("crm", "people", "de")) == 1


def test_the_same_window_again_is_one_record_and_no_new_version(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(None, NOW))
    for hours in (1, 2, 3, 3):
        refresh(landing, hours)
    version = landing.version()
    refresh(landing, 3)
    assert landing.version() == version
    assert [w.rows for w in landing.windows("crm", "people", "nl")] == [0, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), max_size=12))
def test_joined_windows_cover_the_same_hours_and_count_the_same_rows(spans: list[tuple[int, int]]) -> None:
    windows = [_window(start, start + length) for start, length in set(spans)]
    fewer = joined(windows, PEOPLE)
    assert {hour for w in fewer for hour in _hours(w)} == {hour for w in windows for hour in _hours(w)}
    assert sum(w.rows for w in fewer) == sum(w.rows for w in windows)
    ends = sorted((w.start or "", w.end) for w in fewer)
    assert all(before[1] < after[0] for before, after in pairwise(ends))
    assert joined(fewer, PEOPLE) == sorted(fewer, key=lambda w: w.start or "")


def _window(start: int, end: int) -> LandedWindow:
    bounds = [(NOW + timedelta(hours=hour)).isoformat() for hour in (start, end)]
    return LandedWindow(
        "crm", "people", "nl", "2026-07", f"{start}-{end}", bounds[0], bounds[1], "final", 2, "", "{}", NOW
    )


def _hours(window: LandedWindow) -> set[datetime]:
    start, end = datetime.fromisoformat(window.start or ""), datetime.fromisoformat(window.end)
    return {start + timedelta(hours=n) for n in range(int((end - start) / timedelta(hours=1)))}
