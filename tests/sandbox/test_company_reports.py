"""Users, events, pages and advertisements: they agree with the sessions, and with one another."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sandbox.company.behaviour import KEY_EVENTS, by_day
from sandbox.company.locales import LOCALES, ROLLUP
from sandbox.company.restatement import visible_counts
from sandbox.company.truth import at_six
from tests.sandbox.small_company import SCALE, small_company

PROPERTIES = [locale.property_id for locale in LOCALES]
SPANS = ((1, "day"), (7, "week"), (31, "month"), (92, "quarter"))
FIRST = date(2026, 4, 1)


def users(property_id: str, first: date, days: int, metric: str = "totalUsers") -> int:
    """The users of so many days, each once."""
    inside = _span(small_company().ga4_users(property_id), first, days)
    once = [row for row in inside if row["gap"] == 0 or row["date"] - timedelta(days=row["gap"]) < first]
    counted: int = sum(row[metric] for row in once)
    return counted


def _span(table: pa.Table, first: date, days: int) -> list[dict[str, Any]]:
    last = first + timedelta(days=days - 1)
    inside: list[dict[str, Any]] = table.filter((pc.field("date") >= first) & (pc.field("date") <= last)).to_pylist()
    return inside


def _daily(property_id: str, days: int) -> Iterator[int]:
    yield from (users(property_id, FIRST + timedelta(days=n), 1) for n in range(days))


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_a_day_has_no_more_users_than_sessions(property_id: str) -> None:
    sessions = by_day(small_company().ga4_sessions(property_id), ("date",), ("sessions",)).to_pylist()
    came = {row["date"]: row["sessions"] for row in sessions}
    counted: Counter[date] = Counter()
    for row in small_company().ga4_users(property_id).to_pylist():
        counted[row["date"]] += row["totalUsers"]
    assert counted.keys() == came.keys()
    assert all(0 < counted[day] <= came[day] for day in came)


@pytest.mark.parametrize("property_id", ["310000001", "310000011", ROLLUP.property_id])
@pytest.mark.parametrize(("days", "name"), SPANS, ids=str)
def test_a_span_has_users_between_its_largest_day_and_all_its_days_together(
    property_id: str, days: int, name: str
) -> None:
    found, daily = users(property_id, FIRST, days), list(_daily(property_id, days))
    assert max(daily) <= found <= sum(daily)
    assert (found < sum(daily)) == (name != "day")
    assert users(property_id, FIRST, days, "activeUsers") < found


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_nobody_returns_twice_from_one_day(property_id: str) -> None:
    for metric in ("totalUsers", "activeUsers"):
        here: Counter[date] = Counter()
        returned: Counter[date] = Counter()
        for row in small_company().ga4_users(property_id).to_pylist():
            here[row["date"]] += row[metric]
            if row["gap"]:
                returned[row["date"] - timedelta(days=row["gap"])] += row[metric]
        assert all(returned[day] <= here[day] for day in returned)


def test_the_roll_up_has_fewer_users_than_the_markets_and_more_than_any() -> None:
    markets = [users(locale.property_id, FIRST, 31) for locale in LOCALES if locale.is_configured]
    assert max(markets) < users(ROLLUP.property_id, FIRST, 31) < sum(markets)


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_pages_and_key_events_add_up_to_the_sessions_report(property_id: str) -> None:
    company = small_company()
    sessions, pages = company.ga4_sessions(property_id), company.ga4_content(property_id)
    for metric in ("screenPageViews", "userEngagementDuration", "keyEvents"):
        assert pc.sum(pages[metric]) == pc.sum(sessions[metric])
        assert by_day(pages, ("date",), (metric,)).equals(by_day(sessions, ("date",), (metric,)))
    events = company.ga4_key_events(property_id)
    keys = ("date", "sessionDefaultChannelGroup")
    expected = by_day(sessions, keys, ("keyEvents",))
    assert by_day(events, keys, ("keyEvents",)).equals(expected)
    assert pc.all(pc.greater_equal(events["eventCount"], events["keyEvents"])).as_py()
    named = set(zip(events["eventName"].to_pylist(), events["isKeyEvent"].to_pylist(), strict=True))
    assert named == {(name, "true") for name in KEY_EVENTS} | {("page_view", "false"), ("session_start", "false")}


def test_advertisements_are_clicked_at_least_as_often_as_sessions_came_of_them() -> None:
    for locale in LOCALES:
        ads = small_company().ga4_ads(locale.property_id)
        assert pc.all(pc.greater(ads["advertiserAdImpressions"], ads["advertiserAdClicks"])).as_py()
        assert pc.all(pc.greater(ads["advertiserAdCost"], 0)).as_py()
        assert {cost % 10_000 for cost in ads["advertiserAdCost"].to_pylist()} == {0}
        assert set(ads["sessionMedium"].to_pylist()) == {"cpc", "paid-social", "display"}
        sessions = small_company().ga4_sessions(locale.property_id)
        paid = sessions.filter(pc.is_in(sessions["sessionMedium"].cast(pa.string()), ads["sessionMedium"].unique()))
        assert pc.sum(ads["advertiserAdClicks"]).as_py() >= pc.sum(paid["sessions"]).as_py()


def test_a_report_never_repeats_a_tuple() -> None:
    company = small_company()
    for property_id in PROPERTIES:
        for table, keys in (
            (company.ga4_users(property_id), ["date", "gap"]),
            (company.ga4_key_events(property_id), ["date", "eventName", "sessionDefaultChannelGroup"]),
            (company.ga4_content(property_id), ["date", "hostName", "pagePath"]),
            (company.ga4_ads(property_id), ["date", "sessionSource", "sessionMedium", "sessionCampaignName"]),
        ):
            assert table.group_by(keys).aggregate([]).num_rows == table.num_rows
            assert table["date"].to_pylist() == sorted(table["date"].to_pylist())


def test_the_reports_stay_small() -> None:
    rows = sum(small_company().ga4_content(property_id).num_rows for property_id in PROPERTIES)
    assert rows < 400_000
    assert SCALE < 1  # at full size fewer pages go unseen: 221,000 rows


def test_young_days_show_fewer_users_and_rows_that_round_to_nothing_are_not_there() -> None:
    days = [date(2026, 6, 28), date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)]
    table = pa.table({"date": pa.array(days, pa.date32()), "gap": pa.array([0] * 5), "totalUsers": pa.array([50] * 5)})
    shown = visible_counts(table, ("totalUsers",), "Europe/Amsterdam", at_six("2026-07-01"))
    assert shown["totalUsers"].to_pylist() == [50, 49, 45, 15]
    few = table.set_column(2, "totalUsers", pa.array([1] * 5))
    assert visible_counts(few, ("totalUsers",), "Europe/Amsterdam", at_six("2026-07-01")).num_rows == 3
