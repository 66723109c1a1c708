from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest

from connectors.errors import ConfigurationError, QuotaExhausted, ShortReplacement
from connectors.ga4.client import GA4Client
from connectors.ga4.due import due_days
from connectors.ga4.refresh import LocaleSummary, refresh_locale
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.windows import days_between
from tests.connectors.ga4.fake import NL, FakeGoogle, Now, refuse, sessions_row, visit_row

PEOPLE = Pseudonymiser(b"0123456789abcdef")
DAYS = days_between(date(2026, 5, 30), date(2026, 7, 2))
TWO = (SESSIONS, TOUCHPOINTS)


@pytest.fixture
def landing(tmp_path: Path, now: Now) -> Landing:
    return Landing(tmp_path, now)


Refresh = Callable[..., LocaleSummary]


@pytest.fixture
def refresh(client: GA4Client, landing: Landing, now: Now) -> Refresh:
    def run(**options: Any) -> LocaleSummary:
        return refresh_locale(client, landing, NL, DAYS, clock=now, pseudonymiser=PEOPLE, streams=TWO, **options)

    return run


def test_a_refresh_lands_every_day_that_has_ended(refresh: Refresh, landing: Landing, google: FakeGoogle) -> None:
    google.rows = [sessions_row(day) for day in DAYS] + [visit_row(DAYS[3], "1.2")]
    summary = refresh()
    assert (summary.rows, summary.days, summary.changed) == (33, 64, True)
    assert (summary.first_day, summary.last_day) == (date(2026, 5, 30), date(2026, 6, 30))
    assert (summary.api_calls, summary.quota_used) == (5, 15)  # an empty month is asked for twice
    assert [(s.stream, s.rows, s.days) for s in summary.streams] == [("sessions", 32, 32), ("touchpoints", 1, 32)]
    assert max(landing.read(SESSIONS.dataset)["date"].to_pylist()) == date(2026, 6, 30)
    assert [file.segment for file in landing.files("ga4", "sessions")] == ["2026-05", "2026-06"]


def test_a_second_refresh_on_the_same_day_asks_for_nothing(refresh: Refresh, google: FakeGoogle) -> None:
    google.rows = [sessions_row(day) for day in DAYS]
    refresh()
    google.requests.clear()
    summary = refresh()
    assert google.requests == []
    assert (summary.days, summary.changed, summary.first_day) == (0, False, None)


def test_the_next_day_only_young_days_are_asked_for_and_restated(
    refresh: Refresh, landing: Landing, google: FakeGoogle, now: Now
) -> None:
    google.rows = [sessions_row(day, sessions="9") for day in DAYS]
    refresh()
    google.rows = [sessions_row(day, "/new", sessions="10") for day in DAYS]
    now.instant += timedelta(days=1)
    summary = refresh()
    assert (summary.first_day, summary.last_day, summary.streams[0].days) == (date(2026, 6, 28), date(2026, 7, 1), 4)
    rows = landing.read(SESSIONS.dataset).to_pylist()
    assert {row["date"] for row in rows if row["sessions"] == 10} == set(
        days_between(date(2026, 6, 28), date(2026, 7, 1))
    )
    assert len(rows) == 33


def test_a_backfill_fetches_what_is_landed_again(refresh: Refresh, google: FakeGoogle) -> None:
    google.rows = [sessions_row(day) for day in DAYS]
    refresh()
    assert refresh(only_due=False).days == 64


def test_a_month_that_fails_does_not_hold_up_the_others_and_is_resumed(
    refresh: Refresh, landing: Landing, google: FakeGoogle, now: Now
) -> None:
    google.rows = [sessions_row(day) for day in DAYS]
    google.troubles = [refuse(grpc.StatusCode.PERMISSION_DENIED)]
    with pytest.raises(ConfigurationError) as raised:
        refresh()
    assert raised.value.scope == "nl"
    landed = sum(len(landing.windows("ga4", stream.name, "nl")) for stream in TWO)
    missing = sum(len(days) for days in due_days(landing, NL, DAYS, now(), TWO).values())
    assert landed + missing == 64
    assert missing in (2, 30)
    assert refresh().days == missing


def test_an_exhausted_quota_keeps_what_is_landed(refresh: Refresh, google: FakeGoogle, landing: Landing) -> None:
    google.rows = [sessions_row(day) for day in DAYS]
    google.remaining = 0
    with pytest.raises(QuotaExhausted):
        refresh(workers=1)
    assert len(google.requests) == 1
    assert landing.state().window_rows


def test_a_day_that_vanishes_is_refused_unless_allowed(
    refresh: Refresh, landing: Landing, google: FakeGoogle, now: Now
) -> None:
    google.rows = [sessions_row(day) for day in DAYS]
    refresh()
    google.rows = [row for row in google.rows if row["date"] != "20260629"]
    now.instant += timedelta(days=1)
    with pytest.raises(ShortReplacement, match="2026-06-29"):
        refresh()
    refresh(allow_short=True)
    assert date(2026, 6, 29) not in landing.read(SESSIONS.dataset)["date"].to_pylist()
