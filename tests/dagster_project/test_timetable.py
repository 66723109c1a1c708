"""Which months a schedule asks for, and in how many runs."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.catalog import dataset
from connectors.landing import Landing, SeriesWindow
from dagster_project.config import LocaleConfig, load_config
from dagster_project.lib.timetable import due_months, month_ranges

CONFIG = load_config(Path(__file__).parents[2] / "config")
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
    months = due_months(Landing(tmp_path, lambda: NOW), CONFIG.locales["jp"], NOW)
    assert months[0] == "2025-09-01"
    assert months[-1] == "2026-07-01"
    assert len(months) == 11


def test_early_in_a_month_the_last_days_of_the_month_before_are_due_again(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW - timedelta(days=1))
    land_days(landing, CONFIG.locales["nl"], date(2026, 7, 1), provisional_from=date(2026, 6, 28))
    assert due_months(landing, CONFIG.locales["nl"], NOW) == ["2026-06-01", "2026-07-01"]


def test_a_missed_day_far_back_is_due_whatever_schedule_missed_it(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW)
    land_days(landing, CONFIG.locales["nl"], date(2026, 7, 1), leave_out=date(2025, 11, 14))
    assert due_months(landing, CONFIG.locales["nl"], NOW) == ["2025-11-01"]


def test_a_country_that_has_closed_is_not_asked_for_later_days(tmp_path: Path) -> None:
    closed = CONFIG.locales["nl"].model_copy(update={"closed": date(2025, 3, 31)})
    assert due_months(Landing(tmp_path, lambda: NOW), closed, NOW) == ["2025-01-01", "2025-02-01", "2025-03-01"]


def test_a_country_before_its_go_live_is_not_asked_for_anything(tmp_path: Path) -> None:
    coming = CONFIG.locales["nl"].model_copy(update={"go_live": date(2027, 1, 1)})
    assert due_months(Landing(tmp_path, lambda: NOW), coming, NOW) == []


def land_days(
    landing: Landing, locale: LocaleConfig, last: date, provisional_from: date = date.max, leave_out: date = date.max
) -> None:
    """Land every day from go-live to `last` as empty days of both streams."""
    days = [locale.go_live + timedelta(days=n) for n in range((last - locale.go_live).days + 1)]
    for stream in ("sessions", "touchpoints"):
        declared = dataset("ga4", stream)
        for month in sorted({day.isoformat()[:7] for day in days}):
            windows = [
                SeriesWindow(
                    day, day + timedelta(days=1), "provisional" if day >= provisional_from else "final", {"age_days": 1}
                )
                for day in days
                if day.isoformat()[:7] == month and day != leave_out
            ]
            landing.replace_windows(declared, locale.locale, month, pa.Table.from_pylist([], declared.schema), windows)
