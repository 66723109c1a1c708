"""Users, events, pages and advertising costs, asked by the official client alone, over gRPC and over REST."""

from __future__ import annotations

from typing import Any

import pytest
from google.analytics.data_v1beta import types
from google.api_core import exceptions

from sandbox.company.locales import ROLLUP

from .conftest import Contract, grpc_client, rest_client
from .reports import NAME, ordered, report, rows, string_filter
from .vendor_miniature import PROPERTY, MiniatureCompany

USERS = ("totalUsers", "activeUsers", "newUsers")
ADS = ("advertiserAdCost", "advertiserAdClicks", "advertiserAdImpressions")
CAMPAIGN = ("date", "sessionSource", "sessionMedium", "sessionCampaignName")


@pytest.fixture(params=["grpc", "rest"])
def either(request: pytest.FixtureRequest, vendors: Contract) -> Any:
    return grpc_client(vendors) if request.param == "grpc" else rest_client(vendors)


def total(client: Any, first: str, last: str, dimensions: tuple[str, ...] = ()) -> list[int]:
    order = ordered(*dimensions)
    answer = client.run_report(report(dimensions, ("totalUsers",), first, last, order_bys=order))
    return [int(row[-1]) for row in rows(answer)]


def test_users_are_counted_once_in_whatever_is_asked_for(either: Any) -> None:
    days = total(either, "2026-06-08", "2026-06-21", ("date",))
    weeks = total(either, "2026-06-08", "2026-06-21", ("isoYearIsoWeek",))
    both = total(either, "2026-06-08", "2026-06-21")[0]
    assert days == [100] * 14
    assert len(weeks) == 2
    assert all(100 < week < 700 for week in weeks)
    assert max(weeks) < both < sum(weeks)
    assert total(either, "2026-06-08", "2026-06-21", ("yearMonth",)) == [both]


def test_a_week_that_is_asked_for_in_part_is_counted_in_part(either: Any) -> None:
    assert total(either, "2026-06-10", "2026-06-10", ("isoYearIsoWeek",)) == [100]
    names = either.run_report(report(("isoYearIsoWeek",), USERS, "2026-06-10"))
    assert rows(names)[0][0] == "202624"


def test_new_users_add_up_and_active_ones_are_among_all(either: Any) -> None:
    by_day = rows(either.run_report(report(("date",), USERS, "2026-06-08", "2026-06-21", order_bys=ordered("date"))))
    whole = rows(either.run_report(report((), USERS, "2026-06-08", "2026-06-21")))[0]
    assert sum(int(row[3]) for row in by_day) == int(whole[2])
    assert int(whole[1]) < int(whole[0])


def test_yesterdays_users_are_not_all_there_yet(either: Any) -> None:
    assert 85 <= total(either, "2026-06-30", "2026-06-30")[0] <= 95


def test_key_events_can_be_told_from_other_events(either: Any) -> None:
    dimensions, metrics = ("date", "eventName", "sessionDefaultChannelGroup"), ("keyEvents", "eventCount")
    everything = rows(either.run_report(report(dimensions, metrics, "2026-06-20")))
    others = types.FilterExpression(not_expression=string_filter("isKeyEvent", "false"))
    mine = rows(either.run_report(report(dimensions, metrics, "2026-06-20", dimension_filter=others)))
    assert {row[1] for row in everything} - {row[1] for row in mine} == {"page_view", "session_start"}
    assert sum(int(row[3]) for row in mine) == 3


def test_pages_add_up_to_the_views_of_the_day(either: Any) -> None:
    asked = report(("date", "hostName", "pagePath"), ("screenPageViews", "userEngagementDuration"), "2026-06-20")
    found = rows(either.run_report(asked))
    assert {"/", "/sensoren"} <= {row[2] for row in found}
    assert sum(int(row[3]) for row in found) == 510


def test_costs_are_amounts_in_the_propertys_currency(either: Any) -> None:
    answer = either.run_report(report(CAMPAIGN, ADS, "2026-06-20"))
    held = [row for row in MiniatureCompany().ga4_ads(PROPERTY).to_pylist() if str(row["date"]) == "2026-06-20"]
    assert [header.type_.name for header in answer.metric_headers] == ["TYPE_CURRENCY", "TYPE_INTEGER", "TYPE_INTEGER"]
    assert [float(row[4]) * 1_000_000 for row in rows(answer)] == [held[0]["advertiserAdCost"]]
    assert answer.metadata.currency_code == "EUR"


def test_costs_are_refused_without_a_campaign(either: Any) -> None:
    with pytest.raises(exceptions.BadRequest, match="Please add sessionCampaignName to make the request compatible"):
        either.run_report(report(("date",), ADS, "2026-06-20"))


@pytest.mark.parametrize(
    ("dimensions", "metrics", "name"),
    [
        (("date", "landingPage"), ("sessions", "totalUsers"), "totalUsers"),
        (("eventName",), ("eventCount", "sessions"), "sessions"),
        (CAMPAIGN, ("advertiserAdCost", "totalUsers"), "totalUsers"),
        (("eventName", "pagePath"), ("eventCount",), "eventCount"),
    ],
)
def test_fields_that_do_not_go_together_are_refused_by_name(
    either: Any, dimensions: tuple[str, ...], metrics: tuple[str, ...], name: str
) -> None:
    with pytest.raises(exceptions.BadRequest, match=f"Please remove {name} to make the request compatible"):
        either.run_report(report(dimensions, metrics, "2026-06-20"))


def test_compatibility_says_what_goes_with_users(vendors: Contract) -> None:
    request = types.CheckCompatibilityRequest(property=NAME, metrics=[types.Metric(name="totalUsers")])
    answer = grpc_client(vendors).check_compatibility(request)
    verdicts = {item.dimension_metadata.api_name: item.compatibility.name for item in answer.dimension_compatibilities}
    assert (verdicts["isoYearIsoWeek"], verdicts["pagePath"]) == ("COMPATIBLE", "INCOMPATIBLE")


def test_the_roll_up_property_answers_like_any_other(either: Any) -> None:
    name = f"properties/{ROLLUP.property_id}"
    answer = either.run_report(report((), USERS, "2026-06-08", "2026-06-21", property=name))
    assert int(rows(answer)[0][0]) > 100
    assert (answer.metadata.time_zone, answer.metadata.currency_code) == ("Europe/Amsterdam", "EUR")
