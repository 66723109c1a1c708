"""How models become tables, on a project of three models that has nothing but these macros."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from tests.dbt.warehouse import PROJECT

PROFILE = """\
small:
  target: t
  outputs:
    t: {type: duckdb, path: small.duckdb, threads: 1, attach: [{path: small.marts, alias: marts}]}
"""
SETTINGS = """\
name: small
profile: small
models:
  small:
    +materialized: table
    +on_schema_change: fail
"""
CONTRACT = """\
models:
  - name: promised
    config: {contract: {enforced: true}}
    columns:
      - {name: number, data_type: integer, constraints: [{type: not_null}]}
      - {name: word, data_type: varchar}
"""
KEPT = (
    '{{ config(materialized="incremental", pre_hook="{% if is_incremental() %}'
    'delete from {{ this }} where number = 1{% endif %}") }}\n'
)
PROMISED = "select 1 as number, 'one' as word"


class SmallProject:
    """A folder with a dbt project whose models a test writes, and its warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "models").mkdir()
        (folder / "macros").mkdir()
        for name in ("materializations.sql", "keys.sql", "months.sql", "dates.sql"):
            shutil.copy(PROJECT / "macros" / name, folder / "macros")
        (folder / "dbt_project.yml").write_text(SETTINGS)
        (folder / "profiles.yml").write_text(PROFILE)
        (folder / "models" / "promised.yml").write_text(CONTRACT)
        self.write(
            promised=PROMISED, made="select 1 as number -- the first", kept=KEPT + "select 1 as number, 'a' as word"
        )

    def write(self, **models: str) -> None:
        for name, text in models.items():
            (self.folder / "models" / f"{name}.sql").write_text(text + "\n")

    def declare(self, name: str, what: str) -> None:
        """Say something of a model in YAML."""
        (self.folder / "models" / f"{name}.yml").write_text(f"models: [{{name: {name}, {what}}}]\n")

    def build(self, *arguments: str) -> dict[str, str]:
        """What came of each model, and its message where it failed."""
        where = ["--project-dir", str(self.folder), "--profiles-dir", str(self.folder)]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            result: Any = dbtRunner().invoke(["--quiet", "run", *arguments, *where])
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        assert result.result is not None, result.exception
        return {one.node.name: str(one.status) + (f": {one.message}" if one.message else "") for one in result.result}

    def rows(self, model: str, file: str = "small.duckdb") -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.folder / file), read_only=True) as connection:
            return sorted(connection.execute(f"select * from {model}").fetchall())


@pytest.fixture
def project(tmp_path: Path) -> SmallProject:
    small = SmallProject(tmp_path)
    assert all(status.startswith("success") for status in small.build().values())
    return small


def test_a_table_is_replaced_and_a_kept_one_loses_what_its_hook_takes_and_gets_the_models_rows(
    project: SmallProject,
) -> None:
    project.write(made="select 2 as number", kept=KEPT + "select 1 as number, 'b' as word union all select 2, 'c'")
    project.build()
    assert project.rows("made") == [(2,)]
    assert project.rows("kept") == [(1, "b"), (2, "c")]
    project.write(kept=KEPT + "select 3 as number, 'd' as word")
    project.build("--full-refresh")
    assert project.rows("kept") == [(3, "d")]


@pytest.mark.parametrize(
    ("columns", "complaint"),
    [("1 as number", "word"), ("1 as number, 'b' as word, 0 as more", "2 columns but 3 values")],
    ids=["one went", "one came"],
)
def test_a_kept_table_whose_models_columns_are_others_is_left_as_it_was(
    project: SmallProject, columns: str, complaint: str
) -> None:
    project.write(kept=KEPT + f"select {columns}")
    assert complaint in project.build()["kept"]
    assert project.rows("kept") == [(1, "a")], "what the hook took away is back"


@pytest.mark.parametrize(
    "promised",
    ["select 1 as number", "select 'x' as number, 'one' as word", "select null::int as number, 'one' as word"],
)
def test_a_contract_that_is_not_kept_leaves_the_table_as_it_was(project: SmallProject, promised: str) -> None:
    project.write(promised=promised)
    assert project.build()["promised"].startswith("error")
    assert project.rows("promised") == [(1, "one")]


@pytest.mark.parametrize(
    "rows",
    [
        "select 1 as number, 'b' as word union all select 1, 'c'",
        "select 2 as number, 'b' as word union all select null, 'c'",
    ],
    ids=["shared", "missing"],
)
@pytest.mark.parametrize("name", ["made", "kept"])
def test_a_table_whose_key_is_broken_is_left_as_it_was(project: SmallProject, name: str, rows: str) -> None:
    before = project.rows(name)
    project.declare(name, "constraints: [{type: primary_key, columns: [number]}]")
    project.write(**{name: (KEPT if name == "kept" else "") + rows})
    assert f"1 keys (number) are NULL or of more than one row of {name}" in project.build()[name]
    assert project.rows(name) == before
    project.write(**{name: (KEPT if name == "kept" else "") + "select 3 as number, 'd' as word"})
    assert project.build()[name].startswith("success")


@pytest.mark.parametrize("kept_by", ["prospect_id", "month"])
def test_the_keys_of_what_a_build_has_made_are_looked_at(project: SmallProject, kept_by: str) -> None:
    row = "select {} as number, '{}' as prospect_id, 'nl' as locale, date '{}' as month"
    kept = KEPT + "{{ '' if execute else ref('int_prospects_changed') ~ ref('int_months') }}\n"
    project.declare(
        "kept", f"config: {{meta: {{kept_by: {kept_by}}}}}, constraints: [{{type: primary_key, columns: [number]}}]"
    )
    project.write(
        int_prospects_changed="select 'b' as prospect_id",
        int_months="select 'nl' as locale, date '2026-02-01' as month, true as has_changed",
        kept=kept.replace("where number = 1", "where number = 9") + row.format(5, "a", "2026-02-01"),
    )
    project.build("--full-refresh")
    assert project.rows("kept") == [(5, "a", "nl", date(2026, 2, 1))]
    project.write(kept=kept + row.format(5, "b", "2026-02-01"))
    assert "1 keys (number)" in project.build()["kept"]
    project.write(kept=kept + row.format(6, "b", "2026-02-01"))
    assert project.build()["kept"].startswith("success")


def test_what_was_a_view_becomes_a_table_and_back(project: SmallProject) -> None:
    for kind in ("view", "table", "view", "incremental"):
        project.write(made=f"{{{{ config(materialized='{kind}') }}}}\nselect 5 as number")
        assert project.build()["made"].startswith("success"), kind
        assert project.rows("made") == [(5,)], kind


def test_a_model_in_python_is_replaced_too(project: SmallProject) -> None:
    for number in (1, 2):
        (project.folder / "models" / "computed.py").write_text(
            f"def model(dbt, session):\n    return session.sql('select {number} as number')\n"
        )
        project.build()
        assert project.rows("computed") == [(number,)]


def test_a_mart_has_room_for_the_number_of_its_build_in_front_however_it_is_made(project: SmallProject) -> None:
    mart = "{{ config(database='marts') }}\n"
    kept = KEPT.replace("config(", "config(database='marts', ")
    project.write(promised=mart + PROMISED, made=mart + "select 1 as number", kept=kept + "select 1 as number")
    (project.folder / "models" / "computed.py").write_text(
        "def model(dbt, session):\n    dbt.config(database='marts')\n    return session.sql('select 1 as number')\n"
    )
    for _ in range(2):
        assert all(status.startswith("success") for status in project.build().values())
        for name in ("made", "kept", "computed"):
            assert project.rows(name, "small.marts") == [(None, 1)], name
        assert project.rows("promised", "small.marts") == [(None, 1, "one")]


def test_dbts_own_ways_of_keeping_a_table_are_refused_and_not_passed_over(project: SmallProject) -> None:
    project.write(kept="{{ config(materialized='incremental', unique_key='number') }}\nselect 1 as number, 'b' as word")
    assert "by a pre-hook" in project.build()["kept"]
    assert project.rows("kept") == [(1, "a")]
