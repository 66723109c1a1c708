"""The files of a build are those that dbt has made, whatever was written over in them."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.lib import builds
from dagster_project.lib.gate import GateClosed
from dagster_project.lib.marts import marts_file
from tests.dagster_project.publishing import MARTS, Work

CHANGES = {
    "add": "INSERT INTO marts.mart_sales_daily SELECT NULL, 'nl', '2026-06-30', 'EUR', n, n, n, n FROM range({n}) r(n)",
    "take": "DELETE FROM marts.mart_sales_daily WHERE amount % 7 = {n} % 7 AND amount <> 100",
    "other values": "UPDATE marts.mart_sales_daily SET amount_local = amount_local + {n} WHERE amount % 3 = {n} % 3",
    "made anew": "CREATE OR REPLACE TABLE marts.mart_sales_daily AS FROM marts.mart_sales_daily ORDER BY amount % {n}",
}


@given(steps=st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(1, 20_000)), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_a_build_has_the_rows_that_were_made_and_those_before_it_keep_theirs(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    work = Work(tmp_path_factory.mktemp("changes"))
    published: list[tuple[Path, list[tuple[object, ...]]]] = []
    for change, number in steps:
        work.execute(CHANGES[change].format(n=number))
        build = work.publish(allow_shrinking=True)
        with duckdb.connect(marts_file(work.warehouse), read_only=True) as connection:
            made = connection.execute(
                f"SELECT * REPLACE ({build.build_id}::BIGINT AS build_id) FROM mart_sales_daily ORDER BY ALL"
            ).fetchall()
        assert build.rows["mart_sales_daily"] == len(made)
        published.append((builds.current_folder(work.published), made))
        for folder, rows in published:
            with duckdb.connect(folder / builds.DATABASE, read_only=True) as connection:
                assert connection.execute("FROM mart_sales_daily ORDER BY ALL").fetchall() == rows
                file = f"{folder / 'mart_sales_daily'}.parquet"
                assert connection.execute(f"FROM '{file}' ORDER BY ALL").fetchall() == rows


def test_builds_do_not_grow_with_what_was_written_over(work: Work) -> None:
    work.execute(f"INSERT INTO marts.mart_funnel_daily {MANY}")
    work.publish()
    fresh = size_of_build(work)
    for day in range(8):
        work.execute(f"UPDATE marts.mart_funnel_daily SET sessions = sessions + {day} WHERE sessions % 2 = 0")
        work.execute("CREATE OR REPLACE TABLE marts.mart_funnel_daily AS FROM marts.mart_funnel_daily")
        work.publish()
        assert size_of_build(work) < 2.5 * fresh


def test_a_file_full_of_holes_is_written_anew_with_all_that_is_in_it(work: Work) -> None:
    work.execute(f"CREATE TABLE marts.gone AS {MANY}")
    work.execute("INSERT INTO marts.mart_locales BY NAME SELECT 'nl' AS locale FROM range(200_000)")
    work.execute("DROP TABLE marts.gone", "ALTER TABLE marts.mart_locales ALTER locale SET NOT NULL")
    before = marts_file(work.warehouse).stat().st_size
    marts_file(work.warehouse).with_name("work.duckdb.marts.anew").write_text("left by a process that was killed")
    work.publish()
    assert marts_file(work.warehouse).stat().st_size < before / 2
    assert work.read("SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'NOT NULL'") == [(1,)]
    assert work.read("SELECT count(*) FROM mart_kpi_daily") == [(3,)]


def test_without_marts_nothing_is_published_and_no_empty_file_stands_for_them(work: Work) -> None:
    marts_file(work.warehouse).unlink()
    with pytest.raises(GateClosed, match="build again"):
        work.publish()
    assert not marts_file(work.warehouse).exists()


def test_what_dbt_made_for_an_earlier_set_of_models_is_not_published(work: Work) -> None:
    work.execute("CREATE TABLE marts.mart_of_old AS SELECT 1 AS build_id")
    work.publish()
    assert {name for (name,) in work.read("SELECT table_name FROM duckdb_tables()")} == set(MARTS)


MANY = "SELECT NULL::BIGINT, 'nl', '2026-06-01'::DATE, (hash(range) >> 2)::BIGINT FROM range(300_000)"


def size_of_build(work: Work) -> int:
    return (builds.current_folder(work.published) / builds.DATABASE).stat().st_size
