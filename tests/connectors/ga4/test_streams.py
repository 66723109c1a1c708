"""The reports are what they were, unless their version says otherwise."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from connectors.ga4.experiment_streams import EXPERIMENT_STREAMS, EXPOSURES, VARIANT_DIMENSION, VISITOR_EVENTS
from connectors.ga4.requests import build_request
from connectors.ga4.streams import ADS, RANGE, SESSIONS, STREAMS, USERS, VISITOR_DIMENSION, Column, GA4Stream
from connectors.windows import days_between

ADDITIVE = {
    "sessions",
    "engagedSessions",
    "userEngagementDuration",
    "screenPageViews",
    "keyEvents",
    "eventCount",
    "advertiserAdCost",
    "advertiserAdClicks",
    "advertiserAdImpressions",
}
"""Metrics whose days and rows may be summed. Users may not: they are counted once in each sum's parts."""

PERIODS = {"day": "date", "week": "isoYearIsoWeek", "month": "yearMonth", "quarter": RANGE}

DEFINITIONS = {
    "sessions@1": "9031a02fa468",
    "touchpoints@1": "a486ade560e2",
    "key_events@1": "aa2eb0dcce76",
    "content@1": "622520358981",
    "ads@1": "b77242df34c5",
    "users_by_day@1": "91850e9f9c68",
    "users_by_week@1": "ceb3eef5832f",
    "users_by_month@1": "2c2692f9d62d",
    "users_by_quarter@1": "13380723cdd2",
    "exposures@1": "f12c52806d42",
    "visitor_events@1": "aab80d6f2bbc",
}
ALL = (*STREAMS, *EXPERIMENT_STREAMS)


def fingerprint(stream: GA4Stream) -> str:
    return hashlib.sha256(repr((stream.dimensions, stream.metrics, stream.exclude)).encode()).hexdigest()[:12]


def users_by(grain: str) -> GA4Stream:
    return next(stream for stream in USERS if stream.grain == grain)


def test_a_report_that_changes_gets_a_new_version() -> None:
    """GA-21: one metric more changes the others (sessions differ when users are asked for beside them)."""
    assert {stream.definition: fingerprint(stream) for stream in ALL} == DEFINITIONS


@pytest.mark.parametrize("stream", [s for s in ALL if s not in USERS], ids=lambda stream: stream.name)
def test_only_metrics_that_add_up_are_asked_for_by_row(stream: GA4Stream) -> None:
    """GA-20."""
    assert {column.api_name for column in stream.metrics} <= ADDITIVE


@pytest.mark.parametrize("stream", USERS, ids=lambda stream: stream.name)
def test_users_are_asked_for_by_their_period_and_by_nothing_else(stream: GA4Stream) -> None:
    """GA-20: there is nothing in the answer that anybody could add up within a period."""
    assert [column.api_name for column in stream.dimensions] == [PERIODS[stream.grain]]
    assert not {column.api_name for column in stream.metrics} & ADDITIVE


def test_quarters_which_the_api_does_not_know_are_asked_for_one_by_one() -> None:
    """GA-27: one range a request, and ranges that touch do not merge."""
    asked = users_by("quarter").ranges(days_between(date(2026, 1, 1), date(2026, 6, 30)))
    assert asked == ((date(2026, 1, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 6, 30)))
    request = build_request(users_by("quarter"), "1", asked[0], 0, 10)
    assert (list(request.dimensions), len(request.date_ranges), list(request.order_bys)) == ([], 1, [])


def test_weeks_in_a_row_are_asked_for_at_once() -> None:
    assert users_by("week").ranges(days_between(date(2026, 6, 1), date(2026, 6, 28))) == (
        (date(2026, 6, 1), date(2026, 6, 28)),
    )


def test_advertising_is_asked_for_by_campaign_and_without_other_metrics() -> None:
    """GA-22: the API refuses advertising metrics that come without a campaign."""
    assert "sessionCampaignName" in {column.api_name for column in ADS.dimensions}
    assert all(column.api_name.startswith("advertiserAd") for column in ADS.metrics)
    assert {column.name: column.kind for column in ADS.metrics}["advertiser_ad_cost"] == "money"


@pytest.mark.parametrize("stream", ALL, ids=lambda stream: stream.name)
def test_dimensions_stay_texts(stream: GA4Stream) -> None:
    """GA-15: an hour may be "(other)". Only the period, by which rows are replaced, must be one."""
    assert [column.api_name for column in stream.dimensions if column.kind not in ("text", "path", "visitor")] == [
        PERIODS[stream.grain]
    ]


def test_the_host_is_landed_so_that_foreign_ones_can_be_told_apart() -> None:
    """GA-35."""
    assert "host_name" in SESSIONS.dataset.schema.names


def test_a_report_beyond_the_limits_of_the_api_cannot_be_declared() -> None:
    """GA-22."""
    day = Column("date", "date", "date")
    texts = tuple(Column(f"d{n}", f"d{n}", "text") for n in range(9))
    with pytest.raises(ValueError, match="9 dimensions"):
        GA4Stream("wide", (day, *texts), SESSIONS.metrics)
    with pytest.raises(ValueError, match="first dimension"):
        GA4Stream("undated", texts, SESSIONS.metrics)


def test_what_experiments_need_is_asked_of_visitors_who_were_shown_something() -> None:
    request = build_request(EXPOSURES, "1", (date(2026, 3, 2), date(2026, 3, 2)), 0, 10)
    excluded = request.dimension_filter.and_group.expressions
    assert [one.not_expression.filter.field_name for one in excluded] == [VARIANT_DIMENSION, VISITOR_DIMENSION]
    assert {one.not_expression.filter.string_filter.value for one in excluded} == {"(not set)"}


def test_a_property_is_asked_by_its_own_names_of_custom_dimensions() -> None:
    asked = EXPOSURES.asking_for({VARIANT_DIMENSION: "customEvent:ab", VISITOR_DIMENSION: "customUser:cid"})
    assert [column.api_name for column in asked.dimensions][2:] == ["customUser:cid", "customEvent:ab"]
    assert [name for name, _ in asked.exclude] == ["customEvent:ab", "customUser:cid"]
    assert [column.name for column in asked.dimensions] == [column.name for column in EXPOSURES.dimensions]
    assert asked.definition == EXPOSURES.definition


def test_a_report_that_matters_for_a_while_is_asked_for_on_its_days_only() -> None:
    spans = ((date(2026, 3, 2), date(2026, 3, 4)), (date(2026, 3, 8), date(2026, 3, 9)))
    days = days_between(date(2026, 3, 1), date(2026, 3, 10))
    wanted = replace(VISITOR_EVENTS, only=spans).wanted(days)
    assert [day.day for day in wanted] == [2, 3, 4, 8, 9]
    assert VISITOR_EVENTS.wanted(days) == list(days)
