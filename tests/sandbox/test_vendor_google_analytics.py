"""The GA4 Data API, asked by the official client alone, over gRPC and over REST."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import types
from google.api_core import exceptions
from google.auth.transport.requests import Request

from benchmarks.loopback import google_credentials
from sandbox.company.experiments import VARIANT

from .conftest import Contract
from .reports import NAME, ordered, report, rows, string_filter
from .vendor_miniature import DIRECT, ORGANIC, PAID, SESSION_DIMENSIONS

CLIENT_ID = "customUser:client_id"


def test_a_final_day_shows_every_tuple_with_every_metric(analytics: Any) -> None:
    metrics = ("sessions", "engagedSessions", "userEngagementDuration", "screenPageViews", "keyEvents")
    answer = analytics.run_report(
        report(("date", *SESSION_DIMENSIONS), metrics, "2026-06-20", order_bys=ordered("landingPage", "sessionSource"))
    )
    assert rows(answer) == [
        ("20260620", *DIRECT, "20", "20", "1200", "60", "1"),
        ("20260620", *PAID, "50", "50", "3000", "150", "1"),
        ("20260620", *ORGANIC, "100", "100", "6000", "300", "1"),
    ]
    assert [header.type_.name for header in answer.metric_headers] == [
        "TYPE_INTEGER", "TYPE_INTEGER", "TYPE_SECONDS", "TYPE_INTEGER", "TYPE_FLOAT",
    ]  # fmt: skip
    assert (answer.row_count, answer.kind) == (3, "analyticsData#runReport")
    assert (answer.metadata.currency_code, answer.metadata.time_zone) == ("EUR", "Europe/Amsterdam")


def test_what_is_not_asked_for_is_summed_over(analytics: Any) -> None:
    answer = analytics.run_report(report((), ("sessions",), "2026-06-01", "2026-06-10"))
    assert rows(answer) == [("1700",)]
    by_source = analytics.run_report(
        report(("sessionSource",), ("sessions",), "2026-06-20", order_bys=ordered("sessionSource"))
    )
    assert rows(by_source) == [("(direct)", "20"), ("google", "150")]


def test_yesterday_is_short_and_hides_a_campaign_that_appears_when_the_day_is_final(analytics: Any) -> None:
    yesterday = report(
        ("date", "sessionCampaignName"), ("sessions",), "yesterday", order_bys=ordered("sessionCampaignName")
    )
    assert rows(analytics.run_report(yesterday)) == [
        ("20260630", "(direct)", "18"),
        ("20260630", "(not set)", "45"),
        ("20260630", "(organic)", "90"),
    ]


def test_relative_dates_are_those_of_the_property(analytics: Any) -> None:
    answer = analytics.run_report(report(("date",), ("sessions",), "3daysAgo", "today", order_bys=ordered("date")))
    assert [row[0] for row in rows(answer)] == ["20260628", "20260629", "20260630", "20260701"]


def test_days_before_the_first_data_have_no_rows(analytics: Any) -> None:
    answer = analytics.run_report(report(("date",), ("sessions",), "2024-01-01", "2024-12-31"))
    assert (rows(answer), answer.row_count) == ([], 0)
    assert [header.name for header in answer.dimension_headers] == ["date"]


def test_identified_visits_are_told_apart_from_the_anonymous_and_add_up_with_them(analytics: Any) -> None:
    identified = types.FilterExpression(not_expression=string_filter(CLIENT_ID, "(not set)"))
    dimensions = ("date", "dateHourMinute", CLIENT_ID, "landingPage")
    answer = analytics.run_report(
        report(dimensions, ("sessions",), "2026-06-01", "2026-07-01", dimension_filter=identified)
    )
    assert rows(answer) == [("20260625", "202606251015", "c1", "/sensoren", "1")]  # c2 is late: it shows tomorrow
    everybody = analytics.run_report(report((CLIENT_ID,), ("sessions",), "2026-06-25", order_bys=ordered(CLIENT_ID)))
    assert rows(everybody) == [("(not set)", "169"), ("c1", "1")]


def in_list(field: str, *values: str) -> types.FilterExpression:
    return types.FilterExpression(filter=types.Filter(field_name=field, in_list_filter={"values": values}))


def group(kind: str, *parts: types.FilterExpression) -> types.FilterExpression:
    return types.FilterExpression({kind: {"expressions": parts}})


@pytest.mark.parametrize(
    ("expression", "sessions"),
    [
        (string_filter("sessionSource", "GOOGLE"), "150"),
        (string_filter("sessionSource", "GOOGLE", case_sensitive=True), None),
        (string_filter("landingPage", "/sens", "BEGINS_WITH"), "100"),
        (string_filter("sessionMedium", "gan", "CONTAINS"), "100"),
        (string_filter("sessionMedium", "cpc|organic", "FULL_REGEXP"), "150"),
        (string_filter("sessionMedium", "^org", "PARTIAL_REGEXP"), "100"),
        (in_list("sessionMedium", "cpc", "(none)"), "70"),
        (group("and_group", string_filter("landingPage", "/"), string_filter("sessionSource", "google")), "50"),
        (group("or_group", string_filter("sessionMedium", "cpc"), string_filter("sessionMedium", "(none)")), "70"),
        (types.FilterExpression(not_expression=string_filter("landingPage", "/")), "100"),
    ],
)
def test_filters_keep_what_they_say(analytics: Any, expression: types.FilterExpression, sessions: str | None) -> None:
    answer = analytics.run_report(report((), ("sessions",), "2026-06-20", dimension_filter=expression))
    assert rows(answer) == ([(sessions,)] if sessions else [])


def test_pages_of_an_ordered_report_make_up_the_report(analytics: Any) -> None:
    names = ("date", "sessionMedium")
    whole = analytics.run_report(report(names, ("sessions",), "2026-06-01", "2026-06-27", order_bys=ordered(*names)))
    pages = [
        analytics.run_report(
            report(names, ("sessions",), "2026-06-01", "2026-06-27", order_bys=ordered(*names), limit=30, offset=offset)
        )
        for offset in (0, 30, 60, 90)
    ]
    assert [len(page.rows) for page in pages] == [30, 30, 21, 0]
    assert {page.row_count for page in pages} == {81}
    assert [row for page in pages for row in rows(page)] == rows(whole)


def test_without_an_order_rows_come_shuffled_but_complete(analytics: Any) -> None:
    names = ("date", "sessionMedium")
    answer = rows(analytics.run_report(report(names, ("sessions",), "2026-06-01", "2026-06-27")))
    assert len(set(answer)) == 81
    assert answer != sorted(answer)


def test_rows_are_ordered_by_metrics_and_downwards_too(analytics: Any) -> None:
    by_sessions = [types.OrderBy(metric={"metric_name": "sessions"}, desc=True)]
    answer = analytics.run_report(report(("sessionMedium",), ("sessions",), "2026-06-20", order_bys=by_sessions))
    assert [row[0] for row in rows(answer)] == ["organic", "cpc", "(none)"]


def test_several_date_ranges_are_told_apart_by_a_column(analytics: Any) -> None:
    request = report((), ("sessions",), "2026-06-01")
    request.date_ranges.append(types.DateRange(start_date="2026-06-02", end_date="2026-06-03"))
    answer = analytics.run_report(request)
    assert sorted(rows(answer)) == [("date_range_0", "170"), ("date_range_1", "340")]


def test_totals_are_rows_of_their_own(analytics: Any) -> None:
    wanted = [types.MetricAggregation.TOTAL, types.MetricAggregation.MAXIMUM]
    answer = analytics.run_report(report(("sessionMedium",), ("sessions",), "2026-06-20", metric_aggregations=wanted))
    assert len(answer.rows) == 3
    extra = [
        [cell.value for cell in (*row.dimension_values, *row.metric_values)]
        for row in (*answer.totals, *answer.maximums)
    ]
    assert extra == [["RESERVED_TOTAL", "170"], ["RESERVED_MAX", "100"]]


def test_a_batch_answers_every_report_in_order(analytics: Any) -> None:
    requests_ = [report((), ("sessions",), day) for day in ("2026-06-01", "2024-01-01", "2026-06-20")]
    answer = analytics.batch_run_reports(types.BatchRunReportsRequest(property=NAME, requests=requests_))
    assert [rows(one) for one in answer.reports] == [[("170",)], [], [("170",)]]
    assert answer.kind == "analyticsData#batchRunReports"


def test_what_single_visitors_were_shown_and_did_is_told_by_the_minute(analytics: Any) -> None:
    who = ("dateHourMinute", CLIENT_ID)
    shown = report((*who, VARIANT), ("eventCount",), "2026-06-25", "2026-06-26", order_bys=ordered(*who, VARIANT))
    assert rows(analytics.run_report(shown)) == [
        ("202606251015", "c1", "T-FORM-LONG", "1"),
        ("202606251015", "c1", "T-PRICE-NONE", "1"),
        ("202606260900", "c3", "T-FORM-SHORT", "1"),
    ]
    done = report((*who, "eventName"), ("keyEvents",), "2026-06-25", "2026-06-26", order_bys=ordered(*who))
    done.dimension_filter = types.FilterExpression(not_expression=string_filter("isKeyEvent", "false"))
    assert rows(analytics.run_report(done)) == [("202606260910", "c3", "generate_lead", "1")]


def test_metadata_lists_what_can_be_asked(analytics: Any) -> None:
    answer = analytics.get_metadata(name=f"{NAME}/metadata")
    assert {"date", "landingPage", CLIENT_ID} <= {field.api_name for field in answer.dimensions}
    assert {field.api_name: field.type_.name for field in answer.metrics}["keyEvents"] == "TYPE_FLOAT"


def test_compatibility_says_which_metrics_do_not_go_with_a_client_id(analytics: Any) -> None:
    request = types.CheckCompatibilityRequest(property=NAME, dimensions=[types.Dimension(name=CLIENT_ID)])
    answer = analytics.check_compatibility(request)
    verdicts = {item.metric_metadata.api_name: item.compatibility.name for item in answer.metric_compatibilities}
    assert (verdicts["sessions"], verdicts["screenPageViews"]) == ("COMPATIBLE", "INCOMPATIBLE")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (report(("nothing",), ("sessions",), "today"), "Field nothing is not a valid dimension."),
        (report(("date",), ("conversions",), "today"), "Field conversions is not a valid metric."),
        (report((CLIENT_ID,), ("screenPageViews",), "today"), "dimensions & metrics are incompatible"),
        (report(("date",) * 10, ("sessions",), "today"), "limited to 9 dimensions"),
        (report((), ("sessions",) * 11, "today"), "limited to 10 metrics"),
        (report(("date",), ("sessions",), "2026-02-30"), "Invalid date"),
        (report(("date",), ("sessions",), "2026-06-02", "2026-06-01"), "is after endDate"),
        (report(("date",), ("sessions",), "today", order_bys=ordered("hostName")), "not a valid dimension"),
    ],
)
def test_a_wrong_request_is_an_invalid_argument(analytics: Any, request_: Any, words: str) -> None:
    with pytest.raises(exceptions.BadRequest, match=words):  # gRPC raises its subclass InvalidArgument
        analytics.run_report(request_)


def test_a_rest_answer_is_googles_json_to_the_letter(vendors: Contract) -> None:
    credentials = google_credentials(vendors)
    credentials.refresh(Request())
    answer = requests.post(
        vendors["endpoints"]["google_analytics_rest"] + f"/v1beta/{NAME}:runReport",
        json={
            "dimensions": [{"name": "date"}],
            "metrics": [{"name": "sessions"}],
            "dateRanges": [{"startDate": "2026-06-20", "endDate": "2026-06-20"}],
            "limit": "10",
        },
        headers={"Authorization": f"Bearer {credentials.token}"},
        timeout=10,
    )
    assert answer.json() == {
        "dimensionHeaders": [{"name": "date"}],
        "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}],
        "rows": [{"dimensionValues": [{"value": "20260620"}], "metricValues": [{"value": "170"}]}],
        "rowCount": 1,
        "metadata": {"currencyCode": "EUR", "timeZone": "Europe/Amsterdam"},
        "kind": "analyticsData#runReport",
    }
