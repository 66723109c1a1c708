"""Columns to bytes and back: whatever the values, what a client reads is what the vendor holds."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from google.analytics.data_v1beta import types
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.faults.plan import always
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.ga4.encode import json_rows, protobuf_rows
from sandbox.vendors.ga4.service import Caller
from sandbox.vendors.salesforce.encode import csv_header, csv_rows, json_records
from sandbox.vendors.salesforce.query import Result

from .vendor_miniature import ORGANIC, PROPERTY, SESSION_DIMENSIONS, TODAY, MiniatureCompany

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
GA4_ROWS = st.lists(st.tuples(TEXT, TEXT, st.integers(0, 10**12)), max_size=20)
INSTANTS = st.integers(0, 2_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CRM_ROWS = st.lists(
    st.tuples(st.none() | TEXT, st.none() | st.booleans(), st.none() | INSTANTS, st.none() | st.dates()), max_size=20
)
NAMES = ["Text", "Flag", "At", "Day"]


def page(rows: list[tuple[str, str, int]]) -> pa.Table:
    words = [pa.array([row[place] for row in rows], pa.string()).dictionary_encode() for place in (0, 1)]
    return pa.table({"a": words[0], "b": words[1], "n": pa.array([row[2] for row in rows], pa.int64())})


def result(rows: list[tuple[Any, ...]]) -> Result:
    kinds = (pa.string(), pa.bool_(), pa.timestamp("ms", "UTC"), pa.date32())
    columns = {name: pa.array([row[i] for row in rows], kinds[i]) for i, name in enumerate(NAMES)}
    ids = pa.chunked_array([pa.array([f"00Q{number}" for number in range(len(rows))], pa.string())])
    return Result("Lead", pa.table(columns), ids, {}, {})


@settings(deadline=None, max_examples=60)
@given(GA4_ROWS)
def test_report_rows_read_back_the_same_from_protobuf_and_json(rows: list[tuple[str, str, int]]) -> None:
    wanted = [([a, b], [str(n)]) for a, b, n in rows]
    message = types.RunReportResponse.pb().FromString(protobuf_rows(page(rows), ["a", "b"], ["n"]))
    assert [
        ([v.value for v in row.dimension_values], [v.value for v in row.metric_values]) for row in message.rows
    ] == wanted
    answer = json.loads(json_rows(page(rows), ["a", "b"], ["n"]))
    parsed = [
        ([v["value"] for v in row["dimensionValues"]], [v["value"] for v in row["metricValues"]]) for row in answer
    ]
    assert parsed == wanted


@settings(deadline=None, max_examples=60)
@given(CRM_ROWS)
def test_records_read_back_the_same_from_json(rows: list[tuple[Any, ...]]) -> None:
    records = json.loads(json_records(result(rows), "/services/data/v64.0"))
    read = [
        (
            record["Text"],
            record["Flag"],
            record["At"] and datetime.fromisoformat(record["At"]),
            record["Day"] and date.fromisoformat(record["Day"]),
        )
        for record in records
    ]
    assert read == rows


@settings(deadline=None, max_examples=60)
@given(CRM_ROWS)
def test_records_read_back_the_same_from_csv_but_for_null_and_empty(rows: list[tuple[Any, ...]]) -> None:
    text = (csv_header(result(rows)) + csv_rows(result(rows))).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read[0] == NAMES
    assert read[1:] == [
        [
            row[0] or "",
            "" if row[1] is None else str(row[1]).lower(),
            row[2].strftime("%Y-%m-%dT%H:%M:%S.000Z") if row[2] else "",
            row[3].isoformat() if row[3] else "",
        ]
        for row in rows
    ]


def test_a_page_is_cut_out_of_the_middle_without_its_neighbours() -> None:
    middle = page([(f"a{number}", "b", number) for number in range(10)]).slice(3, 2)
    assert [row["metricValues"][0]["value"] for row in json.loads(json_rows(middle, ["a", "b"], ["n"]))] == ["3", "4"]
    assert json_rows(middle, [], ["n"]) == b'[{"metricValues":[{"value":"3"}]},{"metricValues":[{"value":"4"}]}]'


class TallCompany(MiniatureCompany):
    """One day with a row more than a report can hold."""

    def ga4_sessions(self, property_id: str) -> pa.Table:
        count = 250_001
        columns: dict[str, Any] = {"date": pa.array([date(2026, 6, 1)] * count, pa.date32())}
        for place, name in enumerate(SESSION_DIMENSIONS):
            words = (
                pa.array(np.arange(count)).cast(pa.string())
                if name == "landingPage"
                else pa.array([ORGANIC[place]] * count)
            )
            columns[name] = words.dictionary_encode()
        for name in ("sessions", "engagedSessions", "userEngagementDuration", "screenPageViews", "keyEvents"):
            columns[name] = pa.array(np.ones(count, np.int64))
        return pa.table({**columns, "provisional_campaign": pa.array(np.zeros(count, bool))})


def test_a_report_gives_ten_thousand_rows_unasked_and_a_quarter_million_at_most(tmp_path: Path) -> None:
    cast = Cast(tmp_path, TallCompany(), TODAY, Settings())
    token = cast.account.issue(frozenset({"https://www.googleapis.com/auth/analytics"}))
    caller = Caller(f"Bearer {token}", always)

    def sizes(**paging: int) -> tuple[int, int]:
        request = types.RunReportRequest(
            property=f"properties/{PROPERTY}",
            dimensions=[{"name": "landingPage"}],
            metrics=[{"name": "sessions"}],
            date_ranges=[{"start_date": "2026-06-01", "end_date": "2026-06-01"}],
            order_bys=[{"dimension": {"dimension_name": "landingPage"}}],
            **paging,
        )
        answer = cast.ga4.run_report(caller, types.RunReportRequest.pb(request))
        return answer.page.num_rows, answer.tail.row_count

    assert sizes() == (10_000, 250_001)
    assert sizes(limit=1_000_000) == (250_000, 250_001)
    assert sizes(limit=250_000, offset=250_000) == (1, 250_001)
    cast.close()
