from datetime import date, timedelta

import pytest
from google.analytics.data_v1beta.types import (
    ResponseMetaData,
    RunReportRequest,
    RunReportResponse,
    SamplingMetadata,
)

from connectors.errors import ConfigurationError, ConnectorError, IncompleteResponse
from connectors.ga4.client import GA4Client
from connectors.ga4.extract import extract_days
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from tests.connectors.ga4.extracting import FIRST, PEOPLE, change, extract
from tests.connectors.ga4.fake import NL, NOW, FakeGoogle, Trouble, sessions_row, visit_row


def test_rows_come_typed_with_the_query_cut_off(client: GA4Client, google: FakeGoogle) -> None:
    google.rows = [sessions_row(FIRST, "/a?x=1", "1.2E7")]
    [row] = extract(client).table.to_pylist()
    assert (row["date"], row["landing_page"], row["sessions"], row["key_events"]) == (FIRST, "/a", 12_000_000, 1.5)


def test_visitors_and_addresses_in_urls_never_leave_as_they_came(client: GA4Client, google: FakeGoogle) -> None:
    """PR-01, PR-04."""
    google.rows = [visit_row(FIRST, "123.456")]
    [row] = extract(client, TOUCHPOINTS).table.to_pylist()
    assert row["visitor_key"] == PEOPLE.visitor_key("123.456")
    assert row["date_hour_minute"] == "202606200930"
    assert not [value for value in map(str, row.values()) if "123.456" in value or "@" in value]


def test_a_request_names_its_days_order_and_limit_and_no_currency(client: GA4Client, google: FakeGoogle) -> None:
    """GA-09, GA-10, GA-24, GA-26, GA-27, GA-28, GA-31: one report a call, not batches in which one fails all."""
    google.rows = [visit_row(FIRST, "1.2")]
    extract(client, TOUCHPOINTS)
    [request] = google.requests
    [span] = request.date_ranges
    assert (span.start_date, span.end_date, request.limit) == ("2026-06-20", "2026-06-22", 20_000)
    assert [o.dimension.dimension_name for o in request.order_bys] == [d.name for d in request.dimensions]
    assert not request.currency_code
    assert not request.metric_aggregations
    excluded = request.dimension_filter.not_expression.filter
    assert (excluded.field_name, excluded.string_filter.value) == ("customUser:client_id", "(not set)")


def test_days_apart_are_asked_for_apart(client: GA4Client, google: FakeGoogle) -> None:
    days = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=5)]
    google.rows = [sessions_row(day) for day in days]
    extracted = extract_days(client, SESSIONS, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE)
    assert [w.start for w in extracted.windows] == days
    assert len(google.requests) == 2


def test_young_days_are_provisional_and_say_how_old_they_were(client: GA4Client) -> None:
    days = [date(2026, 6, 27), date(2026, 6, 28)]
    windows = extract_days(client, SESSIONS, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE).windows
    assert [(w.state, w.metadata["age_days"]) for w in windows] == [("final", 4), ("provisional", 3)]


def test_what_a_response_says_about_itself_is_kept_with_each_day(client: GA4Client, google: FakeGoogle) -> None:
    def remark(_: RunReportRequest, response: RunReportResponse) -> None:
        response.metadata.subject_to_thresholding = True
        response.metadata.data_loss_from_other_row = True
        response.metadata.sampling_metadatas = [SamplingMetadata(samples_read_count=5, sampling_space_size=10)]

    google.troubles = [remark]
    google.rows = [sessions_row(FIRST)]
    metadata = extract(client, number=1).windows[0].metadata
    assert metadata["subject_to_thresholding"]
    assert metadata["data_loss_from_other_row"]
    assert metadata["sampling"] == [{"samplesReadCount": "5", "samplingSpaceSize": "10"}]
    assert (metadata["row_count"], metadata["time_zone"], metadata["currency"]) == (1, "Europe/Amsterdam", "EUR")


def test_columns_are_found_by_name_when_the_headers_come_in_another_order(
    client: GA4Client, google: FakeGoogle
) -> None:
    def permute(_: RunReportRequest, response: RunReportResponse) -> None:
        response.dimension_headers = list(reversed(response.dimension_headers))
        for row in response.rows:
            row.dimension_values = list(reversed(row.dimension_values))

    google.troubles = [permute]
    google.rows = [sessions_row(FIRST, "/a")]
    assert extract(client).table["landing_page"].to_pylist() == ["/a"]


def restrict(_: RunReportRequest, response: RunReportResponse) -> None:
    restriction = {"active_metric_restrictions": [{"metric_name": "keyEvents"}]}
    response.metadata = ResponseMetaData(schema_restriction_response=restriction)


def truncate(_: RunReportRequest, response: RunReportResponse) -> None:
    reason = {"data_truncation_type": "DATA_TRUNCATION_TYPE_PROPERTY"}
    response.metadata = ResponseMetaData(data_truncation_reasons=[reason])


def rename(_: RunReportRequest, response: RunReportResponse) -> None:
    response.metric_headers[4].name = "conversions"


def spoil(_: RunReportRequest, response: RunReportResponse) -> None:
    response.rows[0].metric_values[0].value = "NaN"


@pytest.mark.parametrize(
    ("trouble", "kind", "words"),
    [
        (change(metadata__time_zone="Asia/Tokyo"), ConfigurationError, "time zone is Asia/Tokyo"),
        (change(metadata__currency_code="JPY"), ConfigurationError, "currency is JPY"),
        (restrict, ConfigurationError, "may not see"),
        (truncate, IncompleteResponse, "no longer holds"),
        (change(row_count=1), IncompleteResponse, "2 of 1 .* read 3 times"),
        (rename, IncompleteResponse, "lacks keyEvents"),
        (spoil, IncompleteResponse, "sessions has a value that is no integer"),
    ],
)
def test_a_response_that_is_not_what_was_asked_for_is_an_error_that_names_its_place(
    client: GA4Client, google: FakeGoogle, trouble: Trouble, kind: type[ConnectorError], words: str
) -> None:
    """GA-17, GA-18, GA-19, GA-23, GA-25, GA-29, GA-34, each by one parameter."""
    google.rows = [sessions_row(FIRST, "/a"), sessions_row(FIRST, "/b")]
    google.troubles = [trouble] * 3
    with pytest.raises(kind, match=words) as raised:
        extract(client)
    assert (raised.value.scope, raised.value.stream) == ("nl", "sessions")
    assert raised.value.window == "2026-06-20..2026-06-22"
    assert raised.value.next_step


def coarse(sampled: bool, at_least_days: int) -> Trouble:
    """Sampled, or with an (other) row, whenever so many days are asked for at once."""

    def trouble(request: RunReportRequest, response: RunReportResponse) -> None:
        first, last = (
            date.fromisoformat(text) for text in (request.date_ranges[0].start_date, request.date_ranges[0].end_date)
        )
        if (last - first).days + 1 >= at_least_days:
            response.metadata.data_loss_from_other_row = not sampled
            response.metadata.sampling_metadatas = [SamplingMetadata(samples_read_count=5)] if sampled else []

    return trouble


@pytest.mark.parametrize("sampled", [True, False])
def test_a_sampled_or_rolled_up_answer_is_asked_for_in_shorter_ranges(
    client: GA4Client, google: FakeGoogle, sampled: bool
) -> None:
    """GA-15, GA-17."""
    google.rows = [sessions_row(FIRST + timedelta(days=n)) for n in range(8)]
    google.troubles = [coarse(sampled, 3)] * 99
    extracted = extract(client, number=8)
    assert len(extracted.table) == 8
    assert [window.start for window in extracted.windows] == [FIRST + timedelta(days=n) for n in range(8)]
    assert not any({"sampling", "data_loss_from_other_row"} & set(window.metadata) for window in extracted.windows)
    assert extracted.usage.calls == 1 + 2 + 4


def test_a_day_that_is_sampled_by_itself_lands_and_says_so(client: GA4Client, google: FakeGoogle) -> None:
    """GA-17: nothing truer is to be had."""
    google.rows = [sessions_row(FIRST + timedelta(days=n)) for n in range(2)]
    google.troubles = [coarse(True, 1)] * 99
    extracted = extract(client, number=2)
    assert [window.metadata["sampling"] for window in extracted.windows] == [[{"samplesReadCount": "5"}]] * 2


@pytest.mark.parametrize("text", ["NaN", "", "Infinity", "none", "1,5"])
def test_what_is_no_number_is_refused(client: GA4Client, google: FakeGoogle, text: str) -> None:
    """GA-29."""
    google.rows = [sessions_row(FIRST, keyEvents=text)]
    with pytest.raises(IncompleteResponse, match="keyEvents has a value that is no number"):
        extract(client)


def test_large_integers_are_exact(client: GA4Client, google: FakeGoogle) -> None:
    """GA-29."""
    google.rows = [sessions_row(FIRST, sessions=str(2**53 + 1))]
    assert extract(client).table["sessions"].to_pylist() == [2**53 + 1]
