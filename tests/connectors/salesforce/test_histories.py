"""Rows of field histories: only what is taken, nobody's name, amounts in one form."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.salesforce.histories import told

OWNER, QUEUE = "0051E0000000001AAA", "00G1E0000000001"


def rows_of(*rows: tuple[str | None, str | None, str | None]) -> pa.Table:
    names = ("field", "old_value", "new_value")
    columns = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)}
    return pa.table({"id": pa.array([str(number) for number in range(len(rows))]), **columns})


def test_fields_that_are_not_taken_are_left_out() -> None:
    table = told(rows_of((None, "a", "b"), ("stage_name", "Proposal", "Closed Won")))
    assert table["id"].to_pylist() == ["1"]


def test_of_a_change_of_owner_the_row_with_the_ids_is_kept_and_the_one_with_the_names_is_not() -> None:
    """PR-04, SF-58."""
    named = [("owner", "Ada Loom", "Sales queue"), ("owner", None, "Ada Loom"), ("owner", OWNER, "Ada Loom")]
    table = told(rows_of(*named, ("owner", OWNER, QUEUE), ("owner", None, OWNER)))
    assert table["id"].to_pylist() == ["3", "4"]


def test_a_stage_may_be_called_anything() -> None:
    assert told(rows_of(("stage_name", "Ada Loom", None)))["old_value"].to_pylist() == ["Ada Loom"]


@pytest.mark.parametrize(
    ("given", "landed"),
    [("14230.0", "14230.0000"), ("14230.00", "14230.0000"), ("1.423E4", "14230.0000"), ("-3", "-3.0000"), (None, None)],
)
def test_an_amount_is_written_one_way_whatever_the_api_writes(given: str | None, landed: str | None) -> None:
    """SF-51."""
    table = told(rows_of(("amount", given, "1.5"), ("close_date", "2026-01-05", "2026-02-05")))
    assert table["old_value"].to_pylist() == [landed, "2026-01-05"]
    assert table["new_value"].to_pylist() == ["1.5000", "2026-02-05"]


def test_no_rows_are_no_rows() -> None:
    assert told(rows_of()).num_rows == 0
