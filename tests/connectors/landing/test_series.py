from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import ShortReplacement
from connectors.landing import Landing, SeriesWindow
from tests.connectors.landing.samples import NOW, VISITS, content, day, days, visits

JUNE = "2026-06"


def test_landed_rows_are_what_was_given_plus_where_they_came_from(landing: Landing) -> None:
    commit = landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 3)), days(1), connection="ga4")
    assert commit.changed
    [row] = landing.read(VISITS).to_pylist()
    assert (row["date"], row["page"], row["visits"]) == (day(1), "/a", 3)
    assert (row["_scope"], row["_connection"], row["_load_seq"]) == ("nl", "ga4", 1)
    [window] = landing.windows("web", "visits", "nl")
    assert row["_window_id"] == window.window_id
    assert (window.day, window.rows, window.state) == (day(1), 1, "final")


def test_a_restatement_that_removes_a_tuple_leaves_no_stale_row(landing: Landing) -> None:
    before = visits((day(1), "(not set)", 3), (day(1), "/a", 4), (day(2), "/a", 5))
    landing.replace_windows(VISITS, "nl", JUNE, before, days(1, 2))
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 7)), days(1))
    assert content(landing, VISITS) == [(day(1), "/a", 7), (day(2), "/a", 5)]


def test_the_same_content_in_another_order_changes_nothing(landing: Landing) -> None:
    rows = visits((day(1), "/b", 1), (day(1), "/a", 2), (day(2), "/a", 5))
    first = landing.replace_windows(VISITS, "nl", JUNE, rows, days(1, 2))
    again = landing.replace_windows(VISITS, "nl", JUNE, rows.take([2, 1, 0]), days(2, 1))
    assert not again.changed
    assert again.version == first.version
    assert [file.path for file in landing.files("web", "visits")] == list(first.files)


def test_days_that_did_not_change_keep_their_load_order(landing: Landing) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1), (day(2), "/a", 2)), days(1, 2))
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1), (day(2), "/a", 3)), days(1, 2))
    assert content(landing, VISITS, ["date", "_load_seq"]) == [(day(1), 1), (day(2), 2)]


def test_a_day_without_rows_is_known_to_be_empty(landing: Landing) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, visits(), days(1))
    assert landing.files("web", "visits") == ()
    assert [(w.day, w.rows) for w in landing.windows("web", "visits", "nl")] == [(day(1), 0)]


def test_a_day_that_becomes_final_with_the_same_rows_is_a_new_version_without_a_new_file(landing: Landing) -> None:
    rows = visits((day(1), "/a", 1))
    first = landing.replace_windows(VISITS, "nl", JUNE, rows, days(1, state="provisional"))
    second = landing.replace_windows(VISITS, "nl", JUNE, rows, days(1))
    assert (second.changed, second.files) == (False, ())
    assert second.version == first.version + 1
    assert landing.windows("web", "visits", "nl")[0].state == "final"


def test_fetching_a_day_again_is_dated_without_a_new_version(tmp_path: Path) -> None:
    hours = count(6)
    landing = Landing(tmp_path, lambda: NOW.replace(hour=next(hours)))
    first = landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1)), days(1))
    second = landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1)), days(1))
    assert second.version == first.version
    assert landing.windows("web", "visits", "nl")[0].loaded_at == NOW.replace(hour=7)


def test_a_day_that_would_become_empty_is_refused_and_stays(landing: Landing) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1)), days(1))
    with pytest.raises(ShortReplacement, match=r"allow_short") as raised:
        landing.replace_windows(VISITS, "nl", JUNE, visits(), days(1))
    assert (raised.value.scope, raised.value.stream, raised.value.window) == ("nl", "visits", "2026-06-01..2026-06-02")
    assert content(landing, VISITS) == [(day(1), "/a", 1)]


def test_losing_more_than_half_of_many_rows_is_refused_unless_allowed(landing: Landing) -> None:
    many = visits(*((day(1), f"/{n}", n) for n in range(20)))
    landing.replace_windows(VISITS, "nl", JUNE, many, days(1))
    with pytest.raises(ShortReplacement, match="9 rows where 20"):
        landing.replace_windows(VISITS, "nl", JUNE, many.slice(0, 9), days(1))
    landing.replace_windows(VISITS, "nl", JUNE, many.slice(0, 9), days(1), allow_short=True)
    assert len(landing.read(VISITS)) == 9


def test_losing_half_of_many_or_most_of_few_rows_is_believed(landing: Landing) -> None:
    rows = visits(*((day(1), f"/{n}", n) for n in range(20)), *((day(2), f"/{n}", n) for n in range(5)))
    landing.replace_windows(VISITS, "nl", JUNE, rows, days(1, 2))
    landing.replace_windows(VISITS, "nl", JUNE, rows.slice(10, 11), days(1, 2))
    assert len(landing.read(VISITS)) == 11


def test_one_short_day_holds_back_the_whole_commit(landing: Landing) -> None:
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1), (day(2), "/a", 1)), days(1, 2))
    with pytest.raises(ShortReplacement):
        landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 9)), days(1, 2))
    assert content(landing, VISITS) == [(day(1), "/a", 1), (day(2), "/a", 1)]


def test_rows_outside_the_windows_are_a_mistake(landing: Landing) -> None:
    with pytest.raises(ValueError, match="outside"):
        landing.replace_windows(VISITS, "nl", JUNE, visits((day(3), "/a", 1)), days(1))


def test_overlapping_windows_are_a_mistake(landing: Landing) -> None:
    with pytest.raises(ValueError, match="overlap"):
        landing.replace_windows(VISITS, "nl", JUNE, visits(), [*days(1), SeriesWindow(day(1), day(3))])


def test_a_window_may_cover_landed_ones_but_not_cut_them(landing: Landing) -> None:
    whole = [SeriesWindow(day(1), day(4))]
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(1), "/a", 1), (day(3), "/a", 1)), days(1, 3))
    landing.replace_windows(VISITS, "nl", JUNE, visits((day(2), "/a", 1), (day(3), "/a", 2)), whole)
    assert content(landing, VISITS) == [(day(2), "/a", 1), (day(3), "/a", 2)]
    assert [(w.start, w.end) for w in landing.windows("web", "visits", "nl")] == [("2026-06-01", "2026-06-04")]
    with pytest.raises(ValueError, match="cuts"):
        landing.replace_windows(VISITS, "nl", JUNE, visits((day(2), "/a", 1)), days(2))


@pytest.mark.parametrize("scope", ["../nl", "NL", "nl/x", "", "n'l"])
def test_a_scope_that_could_leave_the_folder_is_refused(landing: Landing, scope: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        landing.replace_windows(VISITS, scope, JUNE, visits(), days(1))


DayRows = dict[int, list[tuple[str, int]]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.integers(1, 5), st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), max_size=4), max_size=4
        ),
        min_size=1,
        max_size=5,
    )
)
def test_after_any_replacements_each_day_is_as_last_given(
    tmp_path_factory: pytest.TempPathFactory, replacements: list[DayRows]
) -> None:
    landing = Landing(tmp_path_factory.mktemp("landing"), lambda: NOW)
    expected: dict[date, list[tuple[str, int]]] = {}
    for replacement in replacements:
        rows = visits(*((day(n), page, v) for n, members in replacement.items() for page, v in members))
        landing.replace_windows(VISITS, "nl", JUNE, rows, days(*replacement), allow_short=True)
        expected |= {day(n): members for n, members in replacement.items()}
    wanted = sorted(((d, page, v) for d, members in expected.items() for page, v in members), key=str)
    assert content(landing, VISITS) == wanted
    assert {w.day: w.rows for w in landing.windows("web", "visits", "nl")} == {d: len(m) for d, m in expected.items()}
    assert all(isinstance(window.loaded_at, datetime) for window in landing.windows("web", "visits", "nl"))
