import pytest
from google.analytics.data_v1beta.types import (
    DimensionHeader,
    DimensionValue,
    MetricHeader,
    MetricValue,
    Row,
    RunReportResponse,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.ga4 import decode
from connectors.ga4.decode import decode_report

TEXTS = st.one_of(st.text(max_size=6), st.integers(0, 300).map("x".__mul__), st.sampled_from(["", "ü" * 90]))
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8)


def response(rows: list[tuple[str, ...]], dimensions: int = 2) -> RunReportResponse:
    width = len(rows[0]) if rows else 3
    return RunReportResponse(
        dimension_headers=[DimensionHeader(name=f"d{n}") for n in range(dimensions)],
        metric_headers=[MetricHeader(name=f"m{n}") for n in range(width - dimensions)],
        rows=[
            Row(
                dimension_values=[DimensionValue(value=text) for text in row[:dimensions]],
                metric_values=[MetricValue(value=text) for text in row[dimensions:]],
            )
            for row in rows
        ],
        row_count=len(rows),
        kind="analyticsData#runReport",
    )


@settings(deadline=None)
@given(ROWS)
@example([("a", "", "x" * 16_383), ("b", "x" * 16_384, "1")])
def test_decoding_gives_what_the_protobuf_parser_gives(rows: list[tuple[str, ...]]) -> None:
    raw = bytes(RunReportResponse.serialize(response(rows)))
    decoded = decode_report(raw)
    assert decoded.rows == decoded.message.row_count == len(rows)
    assert list(zip(*(column.to_pylist() for column in decoded.columns.values()), strict=True)) == rows
    assert decoded.message.kind == "analyticsData#runReport"
    assert not decoded.message.rows


def test_values_left_out_on_the_wire_are_empty() -> None:
    message = response([("a", "b", "1")])
    message.rows[0].dimension_values[1] = DimensionValue()
    assert decode_report(bytes(RunReportResponse.serialize(message))).columns["d1"].to_pylist() == [""]


def test_ordinary_reports_take_the_fast_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "_decode_by_message", None)
    assert decode_report(bytes(RunReportResponse.serialize(response([("a", "é" * 80, "1")] * 3)))).rows == 3


def test_bytes_of_another_shape_are_left_to_the_protobuf_parser() -> None:
    raw = bytes(RunReportResponse.serialize(response([("a", "b", "1")])))
    unknown = bytes([0x7A, 0x01, 0x41])  # field 15, unknown to the message, inside and outside a row
    row = bytes([0x1A, 18]) + raw[raw.index(b"\x1a\x0f") + 2 :][:15] + unknown
    assert decode_report(raw + row + unknown).columns["d0"].to_pylist() == ["a", "a"]


def test_rows_narrower_than_the_headers_are_an_error() -> None:
    message = response([("a", "b", "1"), ("c", "d", "2")])
    del message.rows[1].metric_values[0]
    with pytest.raises(ValueError, match="width"):
        decode_report(bytes(RunReportResponse.serialize(message)))
