"""Which months a schedule asks for, and in how many runs."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.landing import Landing, SeriesWindow
from connectors.landing.dataset import State
from dagster_project.config import load_config
from dagster_project.lib.timetable import due_months, month_ranges
from dagster_project.lib.web_scopes import WebScope, web_scope, web_scopes

CONFIG = load_config(Path(__file__).parents[2] / "config")
SCOPES = web_scopes(CONFIG)
NOW = datetime(2026, 7, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("months", "ranges"),
    [
        ([], []),
        (["2026-01-01"], [("2026-01-01", "2026-01-01")]),
        (["2025-12-01", "2026-01-01", "2026-02-01"], [("2025-12-01", "2026-02-01")]),
        (["2026-05-01", "2026-01-01", "2026-02-01"], [("2026-01-01", "2026-02-01"), ("2026-05-01", "2026-05-01")]),
    ],
)
def test_consecutive_months_make_one_run(months: list[str], ranges: list[tuple[str, str]]) -> None:
    assert list(month_ranges(months)) == ranges


def test_a_country_that_was_never_fetched_is_due_from_its_first_month_on(tmp_path: Path) -> None:
    months = due_months(Landing(tmp_path, lambda: NOW), SCOPES["jp"], NOW)
    assert months[0] == "2025-09-01"
    assert months[-1] == "2026-07-01"
    assert len(months) == 11


def test_early_in_a_month_the_last_days_of_the_month_before_are_due_again(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW - timedelta(days=1))
    land_days(landing, SCOPES["nl"], date(2026, 7, 1), provisional_from=date(2026, 6, 28))
    assert due_months(landing, SCOPES["nl"], NOW) == ["2026-06-01", "2026-07-01"]


def test_a_missed_day_far_back_is_due_whatever_schedule_missed_it(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW)
    land_days(landing, SCOPES["nl"], date(2026, 7, 1), leave_out=date(2025, 11, 14))
    assert due_months(landing, SCOPES["nl"], NOW) == ["2025-11-01"]


def test_a_week_whose_users_are_missing_is_due_in_the_month_it_ended_in(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW)
    land_days(landing, SCOPES["total"], date(2026, 7, 1), leave_out=date(2026, 3, 30))
    assert due_months(landing, SCOPES["total"], NOW) == ["2026-03-01", "2026-04-01"]  # the day, and its week


def test_a_country_that_has_closed_is_not_asked_for_later_days(tmp_path: Path) -> None:
    closed = web_scope(CONFIG.locales["nl"].model_copy(update={"closed": date(2025, 3, 31)}), 3)
    assert due_months(Landing(tmp_path, lambda: NOW), closed, NOW) == ["2025-01-01", "2025-02-01", "2025-03-01"]


def test_a_country_before_its_go_live_is_not_asked_for_anything(tmp_path: Path) -> None:
    coming = web_scope(CONFIG.locales["nl"].model_copy(update={"go_live": date(2027, 1, 1)}), 3)
    assert due_months(Landing(tmp_path, lambda: NOW), coming, NOW) == []


def land_days(
    landing: Landing, scope: WebScope, last: date, provisional_from: date = date.max, leave_out: date = date.max
) -> None:
    """Land everything from go-live to `last` as empty windows of every stream."""
    for stream in scope.streams:
        empty = stream.dataset.schema.empty_table()
        for start, end in stream.periods((scope.go_live, last)):
            if end > last or start == leave_out:
                continue
            state: State = "provisional" if end >= provisional_from else "final"
            window = SeriesWindow(start, end + timedelta(days=1), state, {"age_days": 1})
            landing.replace_windows(stream.dataset, scope.code, stream.segment_of((start, end)), empty, [window])
