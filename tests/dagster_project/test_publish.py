"""Publication: a whole build or none, one pointer, and readers that never notice."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagster_project.lib import builds
from dagster_project.lib.gate import GateClosed
from dagster_project.lib.marts import BUILD_ID, Column, Mart, marts_file
from dagster_project.lib.publish import publish

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)

COLUMNS = {
    "mart_locales": {"locale": "VARCHAR", "go_live_date": "DATE", "as_of_date": "DATE"},
    "mart_funnel_daily": {"locale": "VARCHAR", "date": "DATE", "sessions": "BIGINT"},
    "mart_kpi_daily": {
        "locale": "VARCHAR", "business_line": "VARCHAR", "date": "DATE", "kpi": "VARCHAR",
        "numerator": "DECIMAL(38,10)", "denominator": "DECIMAL(38,10)", "amount_eur": "DECIMAL(38,4)",
    },
    "mart_sales_daily": {
        "locale": "VARCHAR", "date": "DATE", "currency": "VARCHAR", "amount": "DECIMAL(38,4)",
        "amount_local": "DECIMAL(38,4)", "amount_eur": "DECIMAL(38,4)", "amount_eur_constant": "DECIMAL(38,4)",
    },
    "mart_amounts": {
        "locale": "VARCHAR", "period_start": "DATE", "reporting_currency": "VARCHAR", "amount": "DECIMAL(38,4)",
        "amount_constant": "DECIMAL(38,4)",
    },
}  # fmt: skip
MARTS = {
    name: Mart(name, f"The {name}.", (BUILD_ID, *(Column(c, kind, f"What {c} is.") for c, kind in columns.items())))
    for name, columns in COLUMNS.items()
}


class Work:
    """A working database with two locales' tiny marts, and the folder to publish to."""

    def __init__(self, folder: Path) -> None:
        self.warehouse = folder / "work.duckdb"
        self.published = folder / "published"
        self.run_results = folder / "run_results.json"
        self.dbt_said("pass")
        for name, columns in COLUMNS.items():
            declared = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.execute(f"CREATE TABLE marts.{name} (build_id BIGINT, {declared})")
        self.execute(
            "INSERT INTO marts.mart_locales VALUES (NULL, 'nl', '2026-01-01', '2026-06-30'), "
            "(NULL, 'de', '2026-01-01', '2026-06-30')",
            "INSERT INTO marts.mart_funnel_daily VALUES (NULL, 'nl', '2026-06-30', 10), (NULL, 'de', '2026-06-30', 5)",
            "INSERT INTO marts.mart_kpi_daily VALUES (NULL, 'nl', 'all', '2026-06-30', 'sessions', 10, NULL, NULL), "
            "(NULL, 'de', 'all', '2026-06-30', 'sessions', 5, NULL, NULL), "
            "(NULL, 'total', 'all', '2026-06-30', 'sessions', 15, NULL, NULL)",
            "INSERT INTO marts.mart_sales_daily VALUES (NULL, 'nl', '2026-06-30', 'EUR', 100, 100, 100, 100)",
            "INSERT INTO marts.mart_amounts VALUES (NULL, 'nl', '2026-06-01', 'USD', 120, 110)",
        )

    def execute(self, *statements: str) -> None:
        marts = str(marts_file(self.warehouse)).replace("'", "''")
        with duckdb.connect(self.warehouse) as connection:
            connection.execute(f"ATTACH '{marts}' AS marts (STORAGE_VERSION 'v1.0.0')")
            for statement in statements:
                connection.execute(statement)

    def dbt_said(self, status: str) -> None:
        self.run_results.write_text(json.dumps({"results": [{"unique_id": "test.trechter.a_test", "status": status}]}))

    def publish(self, *, now: datetime = NOW, allow_shrinking: bool = False) -> builds.Build:
        return publish(
            self.warehouse, self.published, MARTS, self.run_results,
            as_of=NOW, now=now, fingerprint="f", allow_shrinking=allow_shrinking,
        )  # fmt: skip

    def read(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(builds.current_folder(self.published) / builds.DATABASE, read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path)


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
