"""What the next build knows of the one that is published, and what a reader can ask of earlier ones."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project.config import Config, load_config
from dagster_project.lib import builds
from dagster_project.lib.gate import GateClosed
from dagster_project.lib.marts import BUILD_ID, Column, Mart
from dagster_project.lib.publish import publish
from dagster_project.lib.published_state import (
    build_number,
    hashes,
    prepare_published_state,
    published_relations,
)
from dagster_project.lib.warehouse import hash_of_models
from tests.dagster_project import publishing

CONFIG = Path(__file__).parents[2] / "config"
FIGURES = "numerator, denominator, value, amount_local, amount_eur, amount_eur_constant"
HISTORY = {
    "locale": "VARCHAR", "business_line": "VARCHAR", "period_type": "VARCHAR", "period_start": "DATE",
    "period_end": "DATE", "kpi": "VARCHAR", **dict.fromkeys(FIGURES.split(", "), "DECIMAL(38,10)"),
    "from_build_id": "BIGINT", "from_as_of_at": "TIMESTAMP WITH TIME ZONE",
    "until_build_id": "BIGINT", "until_as_of_at": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip
RELATIONS = {"funnel_daily": {"locale": "VARCHAR", "sessions": "BIGINT", "visits_we_will_count": "BIGINT"}}


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(CONFIG)


class Work(publishing.Work):
    """A working database that is prepared and published again and again."""

    def __init__(self, folder: Path, config: Config) -> None:
        super().__init__(folder)
        self._config = config
        columns = ", ".join(f"{name} {kind}" for name, kind in HISTORY.items())
        self.execute(
            "CREATE SCHEMA config",
            "CREATE TABLE config.build (build_id BIGINT)",
            "INSERT INTO config.build VALUES (NULL)",
            f"CREATE TABLE marts.mart_kpi_history (build_id BIGINT, {columns})",
        )

    def prepare(self) -> int:
        return prepare_published_state(self.warehouse, self.published, RELATIONS, self._config, "models")

    def publish_history(self, made_for: int | None = None) -> builds.Build:
        history = Mart("mart_kpi_history", "", (BUILD_ID, *(Column(c, k, "") for c, k in HISTORY.items())), True)
        now = datetime(2026, 7, 1, 6, tzinfo=UTC)
        return publish(
            self.warehouse, self.published, {**publishing.MARTS, "mart_kpi_history": history}, self.run_results,
            as_of=now, now=now, fingerprint="f", made_for=made_for,
        )  # fmt: skip

    def held(self) -> list[tuple[object, ...]]:
        with duckdb.connect(self.warehouse, read_only=True) as connection:
            return connection.execute("FROM published.funnel_daily ORDER BY ALL").fetchall()


@pytest.fixture
def work(tmp_path: Path, config: Config) -> Work:
    return Work(tmp_path, config)


def test_before_the_first_build_nothing_is_published_and_its_number_is_one(work: Work) -> None:
    assert work.prepare() == build_number(work.warehouse) == 1
    assert work.held() == []


def test_the_next_build_sees_what_the_current_one_published_and_asks_for_columns_it_did_not_have(work: Work) -> None:
    work.publish_history(work.prepare())
    work.execute("UPDATE marts.mart_funnel_daily SET sessions = 99")
    assert work.prepare() == 2
    assert work.held() == [("de", 5, None), ("nl", 10, None)]


def test_a_build_that_fails_leaves_no_trace(work: Work) -> None:
    work.publish_history(work.prepare())
    work.execute("UPDATE marts.mart_funnel_daily SET sessions = 99")
    work.dbt_said("fail")
    with pytest.raises(GateClosed):
        work.publish_history(work.prepare())
    assert work.prepare() == 2
    assert work.held() == [("de", 5, None), ("nl", 10, None)]


def test_history_goes_on_from_the_build_that_was_gone_back_to_under_a_number_of_its_own(work: Work) -> None:
    first = work.publish_history(work.prepare())
    work.execute("UPDATE marts.mart_funnel_daily SET sessions = 99")
    work.publish_history(work.prepare())
    builds.point_to(work.published, builds.build_folders(work.published)[first.build_id - 1])
    assert work.prepare() == 3
    assert work.held() == [("de", 5, None), ("nl", 10, None)]


def test_a_working_database_that_is_new_knows_as_much(work: Work, tmp_path: Path, config: Config) -> None:
    work.publish_history(work.prepare())
    (tmp_path / "new").mkdir()
    other = Work(tmp_path / "new", config)
    other.published = work.published
    assert other.prepare() == 2
    assert other.held() == [("de", 5, None), ("nl", 10, None)]


def test_a_number_that_was_taken_meanwhile_is_not_published_under(work: Work) -> None:
    made_for = work.prepare()
    work.publish_history()
    with pytest.raises(GateClosed, match="made for build 1, and this would be 2: build again"):
        work.publish_history(made_for)


def test_closed_periods_can_be_asked_for_as_a_build_published_them(work: Work) -> None:
    columns = "locale, business_line, period_type, period_start, period_end, kpi, numerator, value, from_build_id"
    work.execute(
        f"INSERT INTO marts.mart_kpi_history ({columns}, from_as_of_at, until_build_id, until_as_of_at) VALUES "
        "('nl', 'all', 'month', '2026-05-01', '2026-05-31', 'mqls', 7, 7, 1, '2026-06-01 06:00:00+00', 3, "
        "'2026-06-03 06:00:00+00')",
        f"INSERT INTO marts.mart_kpi_history ({columns}, from_as_of_at) VALUES "
        "('nl', 'all', 'month', '2026-05-01', '2026-05-31', 'mqls', 8, 8, 3, '2026-06-03 06:00:00+00'), "
        "('nl', 'all', 'month', '2026-04-01', '2026-04-30', 'mqls', NULL, NULL, 3, '2026-06-03 06:00:00+00')",
    )
    work.publish_history()
    assert [work.read(f"SELECT value FROM kpis_as_published({build})") for build in (1, 2, 3)] == [
        [(7,)],
        [(7,)],
        [(8,)],
    ]
    instants = ("2026-06-01 05:59:00+00", "2026-06-01 06:00:00+00", "2026-06-03 06:00:00+00")
    known = [work.read(f"SELECT value FROM kpis_as_known_at('{instant}')") for instant in instants]
    assert known == [[], [(7,)], [(8,)]]


def test_what_is_only_shown_is_no_input_and_a_mapping_is_its_own_locales(config: Config) -> None:
    def changed(locale: str, **fields: object) -> set[tuple[str, str]]:
        other = config.locales[locale].model_copy(update=fields)
        now = config.model_copy(update={"locales": {**config.locales, locale: other}})
        return {line[:2] for line in set(hashes(now, "m")) - set(hashes(config, "m"))}

    nl = config.locales["nl"]
    assert changed("nl", name="Holland", owner="someone@noordlicht.example") == set()
    statuses = {**nl.crm.lead_statuses, "Nieuw": "mql"}
    assert changed("nl", crm=nl.crm.model_copy(update={"lead_statuses": statuses})) == {("crm_mapping", "nl")}
    assert changed("nl", web=nl.web.model_copy(update={"property": "1"})) == {("web_mapping", "nl")}
    assert changed("nl", time_zone="Europe/London") == {("web_mapping", "nl"), ("crm_mapping", "nl")}


def test_a_rule_of_head_offices_concerns_all_locales_and_a_kpis_definition_that_kpi(config: Config) -> None:
    def changed(**fields: object) -> set[tuple[str, str]]:
        now = config.model_copy(update=fields)
        return {line[:2] for line in set(hashes(now, "m")) - set(hashes(config, "m"))}

    first, *others = config.business_lines
    lines = (first.model_copy(update={"paths": (*first.paths, "/new")}), *others)
    assert changed(business_lines=lines) == {("web_mapping", code) for code in config.locales}
    kpis = tuple(kpi.model_copy(update={"name": "?", "denominator": "mqls"}) for kpi in config.kpis)
    assert ("kpi", "sql_to_sale_rate") in changed(kpis=kpis)
    assert {line[:2] for line in set(hashes(config, "n")) - set(hashes(config, "m"))} == {("models", "")}


def test_the_marts_that_are_read_are_those_the_models_declare() -> None:
    columns = {"locale": {"name": "locale", "data_type": "VARCHAR"}}
    manifest = {
        "sources": {
            "a": {"source_name": "published", "name": "locales", "columns": columns},
            "b": {"source_name": "landing", "name": "windows", "columns": {}},
        }
    }
    assert published_relations(manifest) == {"locales": {"locale": "VARCHAR"}}


def test_a_model_in_python_is_a_model_too(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("1")
    before = hash_of_models(tmp_path)
    (tmp_path / "model.py").write_text("2")
    assert hash_of_models(tmp_path) != before
