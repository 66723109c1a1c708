"""Publication: a whole build or none, one pointer, and readers that never notice."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib import builds
from dagster_project.lib.gate import GateClosed
from tests.dagster_project.publishing import MARTS, NOW, Work


def test_every_row_of_every_mart_carries_the_number_of_its_build(work: Work) -> None:
    work.publish()
    second = work.publish()
    assert second.build_id == 2
    for mart in MARTS:
        assert work.read(f"SELECT DISTINCT build_id FROM {mart}") == [(2,)]
        parquet = builds.current_folder(work.published) / f"{mart}.parquet"
        assert duckdb.sql(f"SELECT DISTINCT build_id FROM '{parquet}'").fetchall() == [(2,)]


def test_the_number_is_the_first_column_and_the_file_one_that_older_drivers_open(work: Work) -> None:
    work.publish()
    first = "SELECT DISTINCT column_name FROM duckdb_columns() WHERE NOT internal AND column_index = "
    assert work.read(f"{first} (SELECT min(column_index) FROM duckdb_columns() WHERE NOT internal)") == [("build_id",)]
    assert work.read("SELECT tags['storage_version'] FROM duckdb_databases() WHERE NOT internal") == [("v1.0.0+",)]


def test_the_documentation_of_columns_is_in_the_published_database(work: Work) -> None:
    work.publish()
    assert work.read("SELECT comment FROM duckdb_columns() WHERE column_name = 'sessions'") == [("What sessions is.",)]


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (
            "DROP TABLE marts.mart_sales_daily; CREATE TABLE marts.mart_sales_daily (locale VARCHAR)",
            "mart_sales_daily.amount",
        ),
        ("ALTER TABLE marts.mart_locales ADD COLUMN surprise INTEGER", "surprise is INTEGER, contracted as absent"),
        ("DELETE FROM marts.mart_funnel_daily WHERE locale = 'de'", "every locale that has data"),
        ("DELETE FROM marts.mart_sales_daily", "mart_sales_daily is empty"),
        ("UPDATE marts.mart_kpi_daily SET numerator = 16 WHERE locale = 'total'", "the sum of its locales"),
        ("UPDATE marts.mart_sales_daily SET amount_eur = NULL", "all money has a rate"),
        ("UPDATE marts.mart_amounts SET amount_constant = NULL", "all money has a rate"),
        ("UPDATE marts.mart_funnel_daily SET date = '2026-07-01' WHERE locale = 'nl'", "after its as-of date"),
    ],
)
def test_a_closed_gate_leaves_the_pointer_where_it_was(work: Work, damage: str, finding: str) -> None:
    work.publish()
    work.execute(*damage.split("; "))
    with pytest.raises(GateClosed, match=finding):
        work.publish()
    assert work.read("SELECT DISTINCT build_id FROM mart_locales") == [(1,)]
    assert [folder.name for folder in builds.build_folders(work.published)] == ["000001"]
    assert not list((work.published / "builds").glob(".staging-*"))


@pytest.mark.parametrize("status", ["fail", "error", "skipped"])
def test_a_failed_dbt_test_closes_the_gate(work: Work, status: str) -> None:
    work.dbt_said(status)
    with pytest.raises(GateClosed, match="a_test"):
        work.publish()
    with pytest.raises(builds.NothingPublished):
        builds.current_folder(work.published)


def test_dbt_that_left_no_record_closes_the_gate(work: Work) -> None:
    work.run_results.unlink()
    with pytest.raises(GateClosed, match="did not finish"):
        work.publish()


def test_a_mart_that_lost_a_fifth_of_its_rows_needs_a_word_from_a_person(work: Work) -> None:
    work.execute("INSERT INTO marts.mart_funnel_daily SELECT NULL, 'nl', '2026-06-01', range FROM range(10)")
    work.publish()
    work.execute("DELETE FROM marts.mart_funnel_daily WHERE date = '2026-06-01'")
    with pytest.raises(GateClosed, match="--allow-shrinking"):
        work.publish()
    assert work.publish(allow_shrinking=True).build_id == 2


def test_a_crash_before_the_pointer_moves_leaves_the_old_build_current_and_the_next_publication_whole(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.publish()

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(builds, "point_to", crash)
        with pytest.raises(KeyboardInterrupt):
            work.publish()
    assert work.read("SELECT DISTINCT build_id FROM mart_locales") == [(1,)]
    assert work.publish().build_id == 3
    assert work.read("SELECT DISTINCT build_id FROM mart_locales") == [(3,)]


def test_readers_see_exactly_one_build_while_builds_are_published(work: Work) -> None:
    work.publish()
    seen: list[set[object]] = []
    stop = threading.Event()

    def read_again_and_again() -> None:
        while not stop.is_set():
            folder = builds.current_folder(work.published)
            files = [str(folder / f"{mart}.parquet") for mart in MARTS]
            with duckdb.connect() as connection:
                rows = connection.execute(
                    "SELECT DISTINCT build_id FROM read_parquet(?, union_by_name = true)", [files]
                ).fetchall()
            seen.append({build_id for (build_id,) in rows})

    readers = [threading.Thread(target=read_again_and_again) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(12):
        work.publish()
    stop.set()
    for reader in readers:
        reader.join()
    assert seen
    assert all(len(build_ids) == 1 for build_ids in seen)


def test_old_builds_go_but_never_the_current_the_newest_three_or_a_young_one(work: Work) -> None:
    for hour in range(6):
        work.publish(now=NOW + timedelta(hours=hour))
    assert [folder.name for folder in builds.build_folders(work.published)] == ["000004", "000005", "000006"]
    builds.point_to(work.published, builds.build_folders(work.published)[0])
    for minute in range(4):
        work.publish(now=NOW + timedelta(hours=6, minutes=minute))
    kept = [int(folder.name) for folder in builds.build_folders(work.published)]
    assert kept[-3:] == [8, 9, 10]
    assert {7, 8, 9, 10} <= set(kept)


def test_the_pointer_goes_back_to_any_kept_build_in_one_step(work: Work) -> None:
    work.publish()
    work.publish()
    builds.point_to(work.published, work.published / "builds" / "000001")
    assert work.read("SELECT DISTINCT build_id FROM mart_locales") == [(1,)]
    assert work.publish().build_id == 3


def test_publishing_waits_for_another_publisher(work: Work) -> None:
    order: list[int] = []

    def hold() -> Iterator[None]:
        with builds.publishing(work.published) as (build_id, staging):
            (staging / "x").write_text("")
            yield
            order.append(build_id)

    holder = hold()
    next(holder)
    waiting = threading.Thread(target=lambda: order.append(work.publish().build_id + 100))
    waiting.start()
    assert not order
    next(holder, None)
    waiting.join()
    assert order == [1, 101]


def test_a_folder_with_a_quote_in_its_name_is_no_trap(tmp_path: Path) -> None:
    folder = tmp_path / "it's"
    folder.mkdir()
    assert Work(folder).publish().build_id == 1
