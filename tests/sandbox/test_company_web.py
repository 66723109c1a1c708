"""What GA4 knows: whole sessions, identified visits among them, and days that ripen."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sandbox.company.locales import LOCALES
from sandbox.company.restatement import SESSION_DIMENSIONS, visible_sessions, visible_visits
from sandbox.company.truth import at_six
from tests.sandbox.hand_made import sessions_table
from tests.sandbox.small_company import small_company

ZONE = "Europe/Amsterdam"
PROPERTIES = [locale.property_id for locale in LOCALES]


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_a_report_never_repeats_a_tuple_of_dimensions(property_id: str) -> None:
    locale = next(one for one in LOCALES if one.property_id == property_id)
    shown = visible_sessions(small_company().ga4_sessions(property_id), locale.time_zone, at_six("2026-07-01"))
    grouped = shown.group_by(list(SESSION_DIMENSIONS)).aggregate([("sessions", "count")])
    assert grouped.num_rows == shown.num_rows
    assert pc.min(shown["sessions"]).as_py() >= 1


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_every_identified_visit_is_a_session_too(property_id: str) -> None:
    dims = list(SESSION_DIMENSIONS)
    visits = small_company().ga4_visits(property_id).group_by(dims).aggregate([("client_id", "count")])
    sessions = small_company().ga4_sessions(property_id).select([*dims, "sessions"])
    left = {name: visits[name].cast(pa.string()) for name in dims} | {"visits": visits["client_id_count"]}
    right = {name: sessions[name].cast(pa.string()) for name in dims} | {"sessions": sessions["sessions"]}
    both = pa.table(left).join(pa.table(right), dims, join_type="left outer")
    assert both["sessions"].null_count == 0
    assert pc.all(pc.greater_equal(both["sessions"], both["visits"])).as_py()


def test_nothing_was_measured_before_go_live() -> None:
    for locale in LOCALES:
        for table in (
            small_company().ga4_sessions(locale.property_id),
            small_company().ga4_visits(locale.property_id),
        ):
            assert pc.min(table["date"]).as_py() >= locale.go_live


def test_tables_are_sorted_and_visits_are_made_by_day() -> None:
    for property_id in PROPERTIES:
        days = small_company().ga4_sessions(property_id)["date"].to_pylist()
        assert days == sorted(days)
        minutes = small_company().ga4_visits(property_id)["dateHourMinute"].to_pylist()
        assert minutes == sorted(minutes)
        assert all("0700" <= minute[8:] <= "2159" for minute in minutes)


def test_a_client_is_seen_at_most_once_a_minute() -> None:
    for property_id in PROPERTIES:
        table = small_company().ga4_visits(property_id)
        pairs = table.group_by(["dateHourMinute", "client_id"]).aggregate([])
        assert pairs.num_rows == table.num_rows


def _shown(now: str, rows: list[tuple[date, str, str, int, bool, str]]) -> list[tuple[str, int]]:
    table = visible_sessions(sessions_table(rows), ZONE, at_six(now))
    return sorted(zip(table["sessionCampaignName"].to_pylist(), table["sessions"].to_pylist(), strict=True))


def test_a_tuple_shown_on_the_first_day_can_be_gone_on_the_third() -> None:
    day = date(2026, 6, 30)
    rows = [(day, "h", "/", 20, True, "SEA-01"), (day, "h", "/", 11, True, "SEA-02"), (day, "h", "/", 5, False, "x")]
    assert _shown("2026-06-30", rows) == [("SEA-01", 6), ("SEA-02", 3), ("x", 2)]
    assert _shown("2026-07-01", rows) == [("(not set)", 28), ("x", 5)]
    assert _shown("2026-07-02", rows) == [("(not set)", 20), ("SEA-02", 11), ("x", 5)]
    assert _shown("2026-07-03", rows) == [("SEA-01", 20), ("SEA-02", 11), ("x", 5)]
    assert _shown("2026-06-29", rows) == []


def test_a_day_is_as_old_as_it_is_where_the_property_is() -> None:
    table = sessions_table([(date(2026, 6, 29), "h", "/", 100, False, "x")])
    for zone, sessions in (("America/Los_Angeles", 90), ("Australia/Sydney", 98)):
        assert visible_sessions(table, zone, at_six("2026-07-01"))["sessions"].to_pylist() == [sessions]


def test_late_visits_appear_on_the_second_day() -> None:
    columns = {
        "date": pa.array([date(2026, 6, 30)] * 2, pa.date32()),
        "dateHourMinute": pa.array(["202606301000", "202606301200"]),
        "client_id": pa.array(["a", "b"]),
        "late": pa.array([False, True]),
    }
    shown = [
        visible_visits(pa.table(columns), ZONE, at_six(day))["client_id"].to_pylist()
        for day in ("2026-06-30", "2026-07-01", "2026-07-02")
    ]
    assert shown == [[], ["a"], ["a", "b"]]
