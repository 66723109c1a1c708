"""The reports are what they were, unless their version says otherwise."""

import hashlib

import pytest

from connectors.ga4.streams import SESSIONS, STREAMS, Column, GA4Stream

ADDITIVE = {
    "sessions",
    "engagedSessions",
    "userEngagementDuration",
    "screenPageViews",
    "keyEvents",
}
"""Metrics whose days and rows may be summed. Users may not: they are counted once in each sum's parts."""

DEFINITIONS = {
    "sessions@1": "9031a02fa468",
    "touchpoints@1": "a486ade560e2",
}


def fingerprint(stream: GA4Stream) -> str:
    return hashlib.sha256(repr((stream.dimensions, stream.metrics, stream.exclude)).encode()).hexdigest()[:12]


def test_a_report_that_changes_gets_a_new_version() -> None:
    """GA-21: one metric more changes the others (sessions differ when users are asked for beside them)."""
    assert {stream.definition: fingerprint(stream) for stream in STREAMS} == DEFINITIONS


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_only_metrics_that_add_up_are_asked_for_by_row(stream: GA4Stream) -> None:
    """GA-20."""
    assert {column.api_name for column in stream.metrics} <= ADDITIVE


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_dimensions_stay_texts(stream: GA4Stream) -> None:
    """GA-15: an hour may be "(other)". Only the date, by which days are replaced, must be one."""
    assert [column.api_name for column in stream.dimensions if column.kind not in ("text", "path", "visitor")] == [
        "date"
    ]


def test_the_host_is_landed_so_that_foreign_ones_can_be_told_apart() -> None:
    """GA-35."""
    assert "host_name" in SESSIONS.dataset.schema.names


def test_a_report_beyond_the_limits_of_the_api_cannot_be_declared() -> None:
    """GA-22."""
    date = Column("date", "date", "date")
    texts = tuple(Column(f"d{n}", f"d{n}", "text") for n in range(9))
    with pytest.raises(ValueError, match="9 dimensions"):
        GA4Stream("wide", (date, *texts), SESSIONS.metrics)
    with pytest.raises(ValueError, match="first dimension"):
        GA4Stream("undated", texts, SESSIONS.metrics)
