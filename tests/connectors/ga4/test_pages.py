"""Every row once: pages, and what can happen to rows on their way."""

import pytest
from google.analytics.data_v1beta.types import (
    DimensionValue,
    RunReportRequest,
    RunReportResponse,
)

from connectors.errors import IncompleteResponse
from connectors.ga4.client import GA4Client
from tests.connectors.ga4.extracting import FIRST, change, extract
from tests.connectors.ga4.fake import FakeGoogle, Trouble, as_usual, sessions_row


def test_a_report_of_many_pages_arrives_whole(client: GA4Client, google: FakeGoogle) -> None:
    google.page_rows = 7
    google.rows = [sessions_row(FIRST, f"/{n:02}") for n in range(30)]
    extracted = extract(client)
    assert extracted.table["landing_page"].to_pylist() == [f"/{n:02}" for n in range(30)]
    assert (extracted.usage.calls, extracted.usage.tokens) == (5, 15)
    assert [request.offset for request in google.requests] == [0, 7, 14, 21, 28]


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


def lose_a_row(_: RunReportRequest, response: RunReportResponse) -> None:
    del response.rows[0]


def lose_all_rows(_: RunReportRequest, response: RunReportResponse) -> None:
    response.rows = []


def test_rows_lost_on_the_way_are_asked_for_again_and_missed_when_they_do_not_come(
    client: GA4Client, google: FakeGoogle
) -> None:
    """GA-08, GA-11."""
    google.rows = [sessions_row(FIRST, "/a"), sessions_row(FIRST, "/b")]
    google.troubles = [lose_a_row, lose_all_rows]
    assert len(extract(client).table) == 2
    google.troubles = [lose_a_row, lose_all_rows] * 3
    with pytest.raises(IncompleteResponse, match="1 of 2"):
        extract(client)


def serve_first_page_again(google: FakeGoogle) -> Trouble:
    def again(request: RunReportRequest, response: RunReportResponse) -> None:
        request.offset = 0
        response.rows = google.answer(request).rows

    return again


def test_a_page_served_twice_is_noticed_and_the_report_read_again(client: GA4Client, google: FakeGoogle) -> None:
    """GA-10."""
    google.page_rows = 2
    google.rows = [sessions_row(FIRST, f"/{n}") for n in range(4)]
    google.troubles = [as_usual, serve_first_page_again(google)]
    assert extract(client).table["landing_page"].to_pylist() == ["/0", "/1", "/2", "/3"]
    google.troubles = [as_usual, serve_first_page_again(google)] * 3
    with pytest.raises(IncompleteResponse, match="2 rows came twice"):
        extract(client)


def test_a_row_in_another_ones_place_is_noticed_on_a_single_page(client: GA4Client, google: FakeGoogle) -> None:
    """GA-10: the count is right, the rows are not."""

    def double(_: RunReportRequest, response: RunReportResponse) -> None:
        response.rows[0] = response.rows[1]

    google.rows = [sessions_row(FIRST, f"/{n}") for n in range(4)]
    google.troubles = [double]
    assert len(set(extract(client).table["landing_page"].to_pylist())) == 4
    assert len(google.requests) == 2


def test_pages_that_differ_only_in_their_query_are_two_rows(client: GA4Client, google: FakeGoogle) -> None:
    """GA-10: rows are compared as the source has them."""
    google.rows = [sessions_row(FIRST, "/a?x=1"), sessions_row(FIRST, "/a?x=2")]
    assert extract(client).table["landing_page"].to_pylist() == ["/a", "/a"]


def test_totals_among_the_rows_are_left_out(client: GA4Client, google: FakeGoogle) -> None:
    """GA-28."""

    def total(_: RunReportRequest, response: RunReportResponse) -> None:
        row = type(response.rows[0])(response.rows[0])
        row.dimension_values = [DimensionValue(value="RESERVED_TOTAL") for _ in row.dimension_values]
        response.rows.append(row)

    google.rows = [sessions_row(FIRST, f"/{n}") for n in range(3)]
    google.troubles = [total]
    assert extract(client).table["landing_page"].to_pylist() == ["/0", "/1", "/2"]


def test_an_empty_answer_is_believed_when_it_comes_twice(client: GA4Client, google: FakeGoogle) -> None:
    """GA-14."""

    def empty(_: RunReportRequest, response: RunReportResponse) -> None:
        response.rows, response.row_count = [], 0

    google.rows = [sessions_row(FIRST)]
    google.troubles = [empty]
    assert len(extract(client).table) == 1


def test_an_answer_that_ends_before_its_metadata_is_asked_for_again(client: GA4Client, google: FakeGoogle) -> None:
    """GA-38: the beginning of an answer is a well-formed answer without rows."""

    def cut(_: RunReportRequest, response: RunReportResponse) -> None:
        RunReportResponse.pb(response).ClearField("metadata")
        response.rows, response.row_count = [], 0

    google.rows = [sessions_row(FIRST)]
    google.troubles = [cut, cut]
    assert len(extract(client).table) == 1
    google.troubles = [cut] * 3
    with pytest.raises(IncompleteResponse, match="ends early"):
        extract(client)


def test_remarks_of_any_page_are_kept(client: GA4Client, google: FakeGoogle) -> None:
    """GA-16."""
    google.page_rows = 1
    google.rows = [sessions_row(FIRST, "/a"), sessions_row(FIRST, "/b")]
    google.troubles = [as_usual, change(metadata__subject_to_thresholding=True)]
    assert extract(client).windows[0].metadata["subject_to_thresholding"]


def test_a_day_without_traffic_is_a_window_without_rows(client: GA4Client) -> None:
    extracted = extract(client)
    assert len(extracted.table) == 0
    assert len(extracted.windows) == 3
