from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from connectors.catalog import DATASETS, dataset
from connectors.landing import ChangeWindow, Dataset, Landing, place_of, windows_table
from tests.connectors.landing.samples import NOW, PEOPLE, VISITS, day, days, people, visits


@pytest.fixture
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'; create schema landing")
    return connection


@pytest.mark.parametrize("landed", DATASETS, ids=lambda landed: landed.name)
def test_every_dataset_has_a_typed_empty_view_before_anything_is_landed(
    landed: Dataset, landing: Landing, database: duckdb.DuckDBPyConnection
) -> None:
    database.execute(landing.view_sql(landed))
    relation = database.sql(f"select * from landing.{landed.source}__{landed.stream}")
    novelty = ["_is_new"] if landed.kind == "changes" else []
    assert relation.columns == [*landed.landed_schema.names, *novelty]
    assert relation.fetchall() == []


def test_a_view_has_the_same_types_empty_and_filled(landing: Landing, database: duckdb.DuckDBPyConnection) -> None:
    database.execute(landing.view_sql(PEOPLE))
    empty = database.sql("select * from landing.crm__people").types
    landing.merge_changes(PEOPLE, "nl", people(("1", NOW, "new")), ChangeWindow(None, NOW))
    database.execute(landing.view_sql(PEOPLE))
    assert database.sql("select * from landing.crm__people").types == empty
    assert [str(kind) for kind in empty][:4] == ["VARCHAR", "TIMESTAMP WITH TIME ZONE", "VARCHAR", "DECIMAL(18,4)"]


def test_a_view_shows_current_files_only(landing: Landing, database: duckdb.DuckDBPyConnection) -> None:
    for value in (1, 2):
        landing.replace_windows(VISITS, "nl", "2026-06", visits((day(1), "/a", value)), days(1))
        landing.replace_windows(VISITS, "de", "2026-06", visits((day(1), "/b", value)), days(1))
    database.execute(landing.view_sql(VISITS))
    assert database.sql("select _scope, visits from landing.web__visits order by 1").fetchall() == [
        ("de", 2),
        ("nl", 2),
    ]


def test_a_column_that_no_landed_file_has_yet_reads_null(landing: Landing, database: duckdb.DuckDBPyConnection) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("1", NOW, "new")), ChangeWindow(None, NOW))
    wider = replace(PEOPLE, schema=PEOPLE.schema.append(pa.field("qualified_at", pa.timestamp("us", "UTC"))))
    database.execute(landing.view_sql(wider))
    query = "select id, qualified_at, typeof(qualified_at), _is_new from landing.crm__people"
    assert database.sql(query).fetchall() == [("1", None, "TIMESTAMP WITH TIME ZONE", True)]


def test_rows_that_joined_a_segment_since_it_was_read_are_new(
    landing: Landing, database: duckdb.DuckDBPyConnection
) -> None:
    landing.merge_changes(PEOPLE, "nl", people(("1", NOW, "read")), ChangeWindow(None, NOW))
    landing.merge_changes(PEOPLE, "de", people(("2", NOW, "read")), ChangeWindow(None, NOW))
    known = {place_of(file): (file.content_hash, file.load_seq) for file in landing.files("crm", "people")}
    landing.merge_changes(PEOPLE, "nl", people(("3", NOW, "joined")), ChangeWindow(NOW, NOW + timedelta(hours=1)))
    landing.merge_changes(PEOPLE, "se", people(("4", NOW, "new place")), ChangeWindow(None, NOW))
    database.execute(landing.view_sql(PEOPLE, known=known))
    found = database.sql("select id, _is_new from landing.crm__people order by id").fetchall()
    assert found == [("1", False), ("2", False), ("3", True), ("4", True)]


def test_a_folder_with_a_quote_in_its_name_is_read(tmp_path: Path, database: duckdb.DuckDBPyConnection) -> None:
    landing = Landing(tmp_path / "it's", lambda: NOW)
    landing.replace_windows(VISITS, "nl", "2026-06", visits((day(1), "/a", 1)), days(1))
    database.execute(landing.view_sql(VISITS))
    assert database.sql("select count(*) from landing.web__visits").fetchall() == [(1,)]


def test_window_records_say_what_is_landed(landing: Landing, database: duckdb.DuckDBPyConnection) -> None:
    landing.replace_windows(VISITS, "nl", "2026-06", visits((day(1), "/a", 1)), days(1, 2, state="provisional"))
    landing.merge_changes(PEOPLE, "nl", people(), ChangeWindow(None, NOW))
    database.register("records", windows_table(landing.state().window_rows))
    rows = database.sql(
        "select source, window_date, window_start, window_end, state, rows, loaded_at from records order by all"
    ).fetchall()
    assert rows == [
        ("crm", None, None, "2026-07-01T06:00:00+00:00", "final", 0, NOW),
        ("web", date(2026, 6, 1), "2026-06-01", "2026-06-02", "provisional", 1, NOW),
        ("web", date(2026, 6, 2), "2026-06-02", "2026-06-03", "provisional", 0, NOW),
    ]


def test_landed_types_are_those_the_models_expect() -> None:
    rates = dict(zip(dataset("ecb", "rates").schema.names, dataset("ecb", "rates").schema.types, strict=True))
    assert [str(kind) for kind in rates.values()] == [
        "date32[day]",
        "string",
        "decimal128(18, 6)",
        "decimal128(20, 18)",
    ]
    lead = dataset("salesforce", "lead").schema
    assert str(lead.field("system_modstamp").type) == "timestamp[us, tz=UTC]"
    assert not {"email", "first_name", "last_name", "phone", "company", "title"} & set(lead.names)
    assert datetime(2026, 7, 1, 6, tzinfo=UTC) == NOW
