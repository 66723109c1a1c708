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
from connectors.ga4.extract import MonthExtract, extract_month
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS, GA4Stream
from connectors.privacy import Pseudonymiser
from tests.connectors.ga4.fake import NL, NOW, FakeGoogle, Trouble, as_usual, sessions_row, visit_row

PEOPLE = Pseudonymiser(b"0123456789abcdef")
FIRST = date(2026, 6, 20)


def extract(client: GA4Client, stream: GA4Stream = SESSIONS, number: int = 3) -> MonthExtract:
    days = [FIRST + timedelta(days=n) for n in range(number)]
    return extract_month(client, stream, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE)


def test_rows_come_typed_with_the_query_cut_off(client: GA4Client, google: FakeGoogle) -> None:
    google.rows = [sessions_row(FIRST, "/a?x=1", "1.2E7")]
    [row] = extract(client).table.to_pylist()
    assert (row["date"], row["landing_page"], row["sessions"], row["key_events"]) == (FIRST, "/a", 12_000_000, 1.5)


def test_visitors_and_addresses_in_urls_never_leave_as_they_came(client: GA4Client, google: FakeGoogle) -> None:
    google.rows = [visit_row(FIRST, "123.456")]
    [row] = extract(client, TOUCHPOINTS).table.to_pylist()
    assert row["visitor_key"] == PEOPLE.visitor_key("123.456")
    assert row["date_hour_minute"] == "202606200930"
    assert not [value for value in map(str, row.values()) if "123.456" in value or "@" in value]


def test_a_report_of_many_pages_arrives_whole(client: GA4Client, google: FakeGoogle) -> None:
    google.page_rows = 7
    google.rows = [sessions_row(FIRST, f"/{n:02}") for n in range(30)]
    extracted = extract(client)
    assert extracted.table["landing_page"].to_pylist() == [f"/{n:02}" for n in range(30)]
    assert (extracted.usage.calls, extracted.usage.tokens) == (5, 15)
    assert [request.offset for request in google.requests] == [0, 7, 14, 21, 28]


def test_a_request_names_its_days_order_and_limit_and_no_currency(client: GA4Client, google: FakeGoogle) -> None:
    extract(client, TOUCHPOINTS)
    [request] = google.requests
    [span] = request.date_ranges
    assert (span.start_date, span.end_date, request.limit) == ("2026-06-20", "2026-06-22", 100_000)
    assert [o.dimension.dimension_name for o in request.order_bys] == [d.name for d in request.dimensions]
    assert not request.currency_code
    assert not request.metric_aggregations
    excluded = request.dimension_filter.not_expression.filter
    assert (excluded.field_name, excluded.string_filter.value) == ("customUser:client_id", "(not set)")


def test_days_apart_are_asked_for_apart(client: GA4Client, google: FakeGoogle) -> None:
    days = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=5)]
    extracted = extract_month(client, SESSIONS, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE)
    assert [w.start for w in extracted.windows] == days
    assert len(google.requests) == 2


def test_young_days_are_provisional_and_say_how_old_they_were(client: GA4Client) -> None:
    days = [date(2026, 6, 27), date(2026, 6, 28)]
    windows = extract_month(client, SESSIONS, NL, days, clock=lambda: NOW, pseudonymiser=PEOPLE).windows
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


def test_a_report_that_changes_between_pages_is_read_again_from_its_start(
    client: GA4Client, google: FakeGoogle
) -> None:
    def grow(_: RunReportRequest, response: RunReportResponse) -> None:
        response.row_count += 1

    google.page_rows = 4
    google.rows = [sessions_row(FIRST, f"/{n}") for n in range(8)]
    google.troubles = [as_usual, grow]
    assert len(extract(client).table) == 8
    assert [request.offset for request in google.requests] == [0, 4, 0, 4]


def change(**fields: object) -> Trouble:
    def trouble(_: RunReportRequest, response: RunReportResponse) -> None:
        for name, value in fields.items():
            target, __, attribute = name.rpartition("__")
            setattr(getattr(response, target) if target else response, attribute, value)

    return trouble


def restrict(_: RunReportRequest, response: RunReportResponse) -> None:
    restriction = {"active_metric_restrictions": [{"metric_name": "keyEvents"}]}
    response.metadata = ResponseMetaData(schema_restriction_response=restriction)


def truncate(_: RunReportRequest, response: RunReportResponse) -> None:
    reason = {"data_truncation_type": "DATA_TRUNCATION_TYPE_PROPERTY"}
    response.metadata = ResponseMetaData(data_truncation_reasons=[reason])


def lose_a_row(_: RunReportRequest, response: RunReportResponse) -> None:
    del response.rows[0]


def lose_all_rows(_: RunReportRequest, response: RunReportResponse) -> None:
    response.rows = []


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
        (change(row_count=1), IncompleteResponse, "2 of 1"),
        (rename, IncompleteResponse, "lacks keyEvents"),
        (spoil, IncompleteResponse, "sessions has a value that is no integer"),
    ],
)
def test_a_response_that_is_not_what_was_asked_for_is_an_error_that_names_its_place(
    client: GA4Client, google: FakeGoogle, trouble: Trouble, kind: type[ConnectorError], words: str
) -> None:
    google.rows = [sessions_row(FIRST, "/a"), sessions_row(FIRST, "/b")]
    google.troubles = [trouble]
    with pytest.raises(kind, match=words) as raised:
        extract(client)
    assert (raised.value.scope, raised.value.stream) == ("nl", "sessions")
    assert raised.value.window == "2026-06-20..2026-06-22"
    assert raised.value.next_step


def test_rows_lost_on_the_way_are_asked_for_again_and_missed_when_they_do_not_come(
    client: GA4Client, google: FakeGoogle
) -> None:
    google.rows = [sessions_row(FIRST, "/a"), sessions_row(FIRST, "/b")]
    google.troubles = [lose_a_row, lose_all_rows]
    with pytest.raises(IncompleteResponse, match="1 of 2"):
        extract(client)


def test_a_page_served_twice_is_noticed(client: GA4Client, google: FakeGoogle) -> None:
    def again(request: RunReportRequest, response: RunReportResponse) -> None:
        request.offset = 0
        response.rows = google.answer(request).rows

    google.page_rows = 2
    google.rows = [sessions_row(FIRST, f"/{n}") for n in range(4)]
    google.troubles = [as_usual, again]
    with pytest.raises(IncompleteResponse, match="2 rows came twice"):
        extract(client)


def test_a_day_without_traffic_is_a_window_without_rows(client: GA4Client) -> None:
    extracted = extract(client)
    assert len(extracted.table) == 0
    assert len(extracted.windows) == 3
