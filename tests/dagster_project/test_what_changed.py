"""A build works on what landed since the last one, or on everything when that would not be enough."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from connectors.catalog import dataset
from connectors.landing import ChangeWindow, Landing
from dagster_project.config import Config, load_config
from dagster_project.lib import what_changed
from dagster_project.lib.marts import marts_file
from dagster_project.lib.warehouse import plan_build, prepare_warehouse

CHECKOUT = Path(__file__).parents[2]
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
LEAD = dataset("salesforce", "lead")


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(CHECKOUT / "config")


class Work:
    """A landing of leads, and a working database whose models, if they are built, leave empty tables."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.config, self.warehouse, self.models = config, folder / "trechter.duckdb", folder / "models"
        self.landing = Landing(folder / "landing", lambda: NOW)
        self.models.mkdir()
        self.model("select 1")

    def model(self, sql: str) -> None:
        (self.models / "model.sql").write_text(sql)

    def land(self, *ids: str, hours: int = 0, scope: str = "nl") -> None:
        written = NOW + timedelta(hours=hours, minutes=-1)
        rows = [{"id": id, "system_modstamp": written, "created_date": written, "is_deleted": False} for id in ids]
        start = NOW + timedelta(hours=hours - 1) if hours else None
        window = ChangeWindow(start, NOW + timedelta(hours=hours))
        self.landing.merge_changes(LEAD, scope, pa.Table.from_pylist(rows, LEAD.schema), window, connection="global")

    def prepare(self) -> bool:
        plan = plan_build(self.warehouse, self.config, self.landing, self.models, NOW)
        prepare_warehouse(self.warehouse, self.config, self.landing, plan, NOW)
        return plan.everything

    def build(self) -> bool:
        """As a build whose models all succeed; returns whether it was of everything."""
        everything = self.prepare()
        with duckdb.connect(self.warehouse) as connection:
            for table, columns in what_changed.STATE.values():
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(f"create table if not exists {table} ({columns})")
        duckdb.connect(marts_file(self.warehouse)).close()
        what_changed.finish(self.warehouse)
        return everything

    def new(self) -> Sequence[str]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            rows = connection.execute("select id from landing.salesforce__lead where _is_new order by id").fetchall()
        return [id for (id,) in rows]


@pytest.fixture
def work(tmp_path: Path, config: Config) -> Work:
    work = Work(tmp_path, config)
    work.land("1", "2")
    return work


def test_the_first_build_is_of_everything(work: Work) -> None:
    assert work.build() is True
    assert work.new() == ["1", "2"]


def test_the_next_build_works_on_what_landed_since(work: Work) -> None:
    work.build()
    work.land("3", hours=1)
    work.land("4", scope="de")
    assert work.build() is False
    assert work.new() == ["3", "4"]
    assert work.build() is False
    assert work.new() == []


def test_a_build_that_did_not_finish_makes_the_next_one_whole(work: Work) -> None:
    work.build()
    work.prepare()
    assert work.prepare() is True


@pytest.mark.parametrize(
    ("status", "is_finished"), [("pass", True), ("warn", True), ("fail", False), ("skipped", False)]
)
def test_a_build_has_finished_when_nothing_failed(tmp_path: Path, status: str, is_finished: bool) -> None:
    results = tmp_path / "run_results.json"
    assert what_changed.finished(results) is False
    results.write_text(f'{{"results": [{{"status": "success"}}, {{"status": "{status}"}}]}}')
    assert what_changed.finished(results) is is_finished


def test_another_model_or_mapping_makes_the_next_build_whole_but_what_is_only_shown_does_not(work: Work) -> None:
    work.build()
    work.model("select 2")
    assert work.build() is True
    nl = work.config.locales["nl"]
    crm = nl.crm.model_copy(update={"lead_statuses": {**nl.crm.lead_statuses, "Wacht": "open"}})
    locales = {**work.config.locales, "nl": nl.model_copy(update={"crm": crm})}
    work.config = work.config.model_copy(update={"locales": locales})
    assert work.build() is True
    work.config = work.config.model_copy(update={"targets": ()})
    assert work.build() is False


def test_another_version_of_duckdb_makes_the_next_build_whole_since_it_may_hash_otherwise(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.build()
    assert work.build() is False
    monkeypatch.setattr(duckdb, "__version__", "1.5.999")
    assert work.build() is True
    assert work.build() is False


def test_what_lands_after_a_build_was_planned_is_left_to_the_next(work: Work) -> None:
    plan = plan_build(work.warehouse, work.config, work.landing, work.models, NOW)
    work.land("3", hours=1)
    prepare_warehouse(work.warehouse, work.config, work.landing, plan, NOW)
    assert work.new() == ["1", "2"]
    with duckdb.connect(work.warehouse, read_only=True) as connection:
        # What the windows say of a day has to be of the rows that are read of it.
        assert connection.execute("select window_end from landing.windows").fetchall() == [(NOW.isoformat(),)]


def test_without_the_file_of_marts_everything_is_built(work: Work) -> None:
    work.build()
    assert not work.build()
    marts_file(work.warehouse).unlink()
    assert work.build()


def test_a_place_whose_file_is_gone_makes_the_next_build_whole(work: Work) -> None:
    work.build()
    known = {("salesforce", "lead", "nl", "2026-06"): ("hash", 1)}
    assert what_changed.gone(known, work.landing.files("ga4", "sessions")) is True
    assert what_changed.gone({}, work.landing.files("salesforce", "lead")) is False


def test_the_state_that_is_shown_is_that_of_the_last_build_and_nothing_in_a_whole_one(work: Work) -> None:
    work.build()
    with duckdb.connect(work.warehouse) as connection:
        connection.execute("insert into intermediate.int_opportunities_assigned values ('O1', 'P1')")
    for of_everything, expected in ((False, [("O1", "P1")]), (True, [])):
        assert work.prepare() is of_everything
        with duckdb.connect(work.warehouse, read_only=True) as connection:
            assert connection.execute("from held.opportunities").fetchall() == expected
