from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.landing import ChangeWindow, Landing
from tests.connectors.landing.samples import NOW, PEOPLE, content, people

FIRST = ChangeWindow(None, NOW)
OLD = datetime(2019, 3, 4, 5, 6, 7, 123000, tzinfo=UTC)
AUGUST = datetime(2026, 8, 3, tzinfo=UTC)


def test_the_first_load_is_one_file_however_old_its_records(landing: Landing) -> None:
    rows = people(("1", OLD, "new"), ("2", NOW - timedelta(days=100), "new"))
    commit = landing.merge_changes(PEOPLE, "nl", rows, FIRST)
    assert commit.rows == 2
    assert [file.segment for file in landing.files("crm", "people")] == ["2026-07"]


def test_later_changes_go_to_the_month_they_were_made_in(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "new")), FIRST)
    window = ChangeWindow(NOW - timedelta(minutes=15), AUGUST + timedelta(days=1))
    landing.merge_changes(PEOPLE, "nl", people(("1", NOW, "old"), ("2", AUGUST, "new")), window)
    assert [(file.segment, file.rows) for file in landing.files("crm", "people")] == [("2026-07", 2), ("2026-08", 1)]


def test_reading_a_window_twice_changes_nothing(landing: Landing) -> None:
    rows = people(("1", OLD, "new"), ("2", NOW, "new"))
    first = landing.merge_changes(PEOPLE, "nl", rows, FIRST)
    again = landing.merge_changes(PEOPLE, "nl", rows.take([1, 0]), FIRST)
    assert (again.changed, again.rows, again.version) == (False, 0, first.version)
    assert content(landing, PEOPLE, ["id", "_load_seq"]) == [("1", 1), ("2", 1)]


def test_another_row_with_the_same_key_takes_its_place(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "new"), ("2", OLD, "new")), FIRST)
    commit = landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "late"), ("2", OLD, "new")), FIRST)
    assert commit.rows == 1
    assert content(landing, PEOPLE, ["id", "status", "_load_seq"]) == [("1", "late", 2), ("2", "new", 1)]


def test_versions_of_one_record_are_kept_side_by_side(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "new")), FIRST)
    landing.merge_changes(PEOPLE, "nl", people(("1", NOW, "won")), ChangeWindow(NOW, NOW + timedelta(days=1)))
    assert content(landing, PEOPLE, ["id", "status"]) == [("1", "new"), ("1", "won")]


def test_a_row_served_twice_lands_once_and_of_two_answers_the_later_counts(landing: Landing) -> None:
    rows = people(("1", OLD, "a"), ("1", OLD, "a"), ("2", OLD, "a"), ("2", OLD, "b"))
    assert landing.merge_changes(PEOPLE, "nl", rows, FIRST).rows == 2
    assert content(landing, PEOPLE, ["id", "status"]) == [("1", "a"), ("2", "b")]


def test_null_and_text_that_looks_like_it_are_different_values(landing: Landing) -> None:
    null = pa.Table.from_pylist(
        [{"id": "1", "system_modstamp": OLD, "status": None, "amount": None}], schema=PEOPLE.schema
    )
    landing.merge_changes(PEOPLE, "nl", null, FIRST)
    assert landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "")), FIRST).rows == 1
    assert content(landing, PEOPLE, ["status"]) == [("",)]


def test_a_window_without_changes_moves_the_cursor_and_not_the_version(landing: Landing) -> None:
    first = landing.merge_changes(PEOPLE, "nl", people(("1", OLD, "new")), FIRST)
    later = NOW + timedelta(hours=1)
    second = landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(NOW - timedelta(minutes=15), later))
    assert (second.changed, second.version) == (False, first.version)
    assert landing.covered_until(PEOPLE, "nl") == later


def test_the_cursor_stops_at_the_first_gap(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(), FIRST)
    landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(NOW + timedelta(days=2), NOW + timedelta(days=3)))
    landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(OLD, OLD + timedelta(days=1)))
    assert landing.covered_until(PEOPLE, "nl") == NOW


def test_a_scope_never_loaded_has_no_cursor(landing: Landing) -> None:
    landing.merge_changes(PEOPLE, "nl", people(), FIRST)
    assert landing.covered_until(PEOPLE, "de") is None


def test_rows_that_lack_a_column_are_refused(landing: Landing) -> None:
    with pytest.raises(ValueError, match="lack status"):
        landing.merge_changes(PEOPLE, "nl", people().drop_columns(["status"]), FIRST)


CHANGES = st.lists(st.tuples(st.sampled_from("123"), st.integers(0, 80), st.sampled_from(["a", "b"])), max_size=6)


@settings(max_examples=25, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=5))
def test_after_any_merges_each_key_holds_its_last_row_once(
    tmp_path_factory: pytest.TempPathFactory, merges: list[list[tuple[str, int, str]]]
) -> None:
    landing = Landing(tmp_path_factory.mktemp("landing"), lambda: NOW)
    expected: dict[tuple[str, datetime], str] = {}
    for number, merge in enumerate(merges):
        rows = [(i, NOW + timedelta(days=d), status) for i, d, status in merge]
        landing.merge_changes(PEOPLE, "nl", people(*rows), ChangeWindow(None, NOW + timedelta(days=number)))
        expected |= {(i, at): status for i, at, status in rows}
    wanted = sorted(((i, at, status) for (i, at), status in expected.items()), key=str)
    assert content(landing, PEOPLE, ["id", "system_modstamp", "status"]) == wanted
