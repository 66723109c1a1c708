"""Encoded rows mean what the rows mean that they stand for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from connectors.landing.encoded import ENCODED, encoded_schema, in_order, row_hashes, settled

SCHEMA = pa.schema(
    {"day": pa.date32(), "host": pa.string(), "visits": pa.int64(), "events": pa.float64(), "ends": pa.string()}
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
            "host": st.none() | st.text(max_size=3),
            "visits": st.none() | st.integers(-(2**62), 2**62),
            "events": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "ends": st.sampled_from(["", "a", "b"]),
        }
    ),
    max_size=30,
)


def table(rows: list[dict[str, object]], pieces: int = 1) -> pa.Table:
    """Encoded rows, in pieces each with a list of words of its own."""
    size = -(-len(rows) // pieces) or 1
    parts = [
        pa.Table.from_pylist(rows[first : first + size], SCHEMA).cast(encoded_schema(SCHEMA))
        for first in range(0, len(rows) or 1, size)
    ]
    return pa.concat_tables(parts)


def by_value(row: dict[str, object]) -> tuple[tuple[bool, object], ...]:
    """What compares as the row does; -0.0 is 0.0."""
    values = ((name, row[name]) for name in SCHEMA.names)
    return tuple((value is not None, value or ("" if name == "host" else 0)) for name, value in values)


@given(ROWS, st.integers(1, 4))
def test_settling_changes_no_value_and_leaves_each_word_once_and_used(
    rows: list[dict[str, object]], pieces: int
) -> None:
    found = settled(table(rows, pieces))
    assert found.to_pylist() == rows
    for name in ("host", "ends"):
        words = found[name].combine_chunks().dictionary.to_pylist()
        assert words == sorted({str(row[name]) for row in rows if row[name] is not None}, key=str.encode)


@given(ROWS, st.randoms(use_true_random=False))
def test_rows_come_in_one_order_however_they_arrived(rows: list[dict[str, object]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first, second = (in_order(settled(table(given)), "day") for given in (rows, shuffled))
    assert first.equals(second)
    days = [row["day"] or date.min for row in first.to_pylist()]
    assert days == sorted(days)


@given(ROWS, ROWS, st.integers(1, 4))
def test_rows_have_equal_hashes_exactly_when_they_are_equal(
    some: list[dict[str, object]], others: list[dict[str, object]], pieces: int
) -> None:
    rows = [*some, *others]
    hashes = row_hashes(table(rows, pieces).columns)
    assert len({by_value(row) for row in rows}) == len(np.unique(hashes, axis=0)) if rows else not len(hashes)


def test_a_row_has_the_same_hash_whatever_rows_are_beside_it() -> None:
    alone, beside = row_hashes([pa.array([7, 8])]), row_hashes([pa.array([7, 8, None])])
    assert np.array_equal(alone, beside[:2])


def test_an_empty_text_and_none_differ() -> None:
    hashes = row_hashes([pa.array(["", None])])
    assert not np.array_equal(hashes[0], hashes[1])


def test_a_text_counts_and_not_how_it_is_encoded() -> None:
    plain = pa.array(["a", "b", "a"])
    twice = pa.DictionaryArray.from_arrays(pa.array([2, 1, 0], pa.int32()), pa.array(["a", "b", "a"]))
    assert twice.type == ENCODED
    assert np.array_equal(row_hashes([plain]), row_hashes([twice]))


def test_amounts_are_compared_exactly() -> None:
    amounts = pa.array([Decimal("0.10"), Decimal("0.11")], pa.decimal128(18, 2))
    assert len(np.unique(row_hashes([amounts]), axis=0)) == 2


def test_a_column_too_wide_for_the_room_left_is_ordered_all_the_same() -> None:
    start = date(2026, 1, 1)
    rows = [
        {"day": start + timedelta(days=n % 2), "host": "x", "visits": (-1) ** n * 2**62 + n, "events": 0.0, "ends": "a"}
        for n in range(8)
    ]
    found = in_order(settled(table(rows)), "day").to_pylist()
    assert [(row["day"], row["visits"]) for row in found] == sorted((row["day"], row["visits"]) for row in rows)
