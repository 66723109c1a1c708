"""The project as a whole: it parses silently, builds, and says what everything means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from dbt.artifacts.resources.types import AccessType
from dbt.contracts.graph.nodes import ModelNode
from dbt_common.contracts.constraints import ConstraintType

from tests.dbt.runner import DbtProject, rows


def models(project: DbtProject) -> list[ModelNode]:
    return [node for node in project.manifest.nodes.values() if isinstance(node, ModelNode)]


def test_parsing_gives_no_warning_and_no_deprecation(project: DbtProject) -> None:
    assert project.parse_complaints == ()


def test_everything_builds_without_a_warning(built: Path) -> None:
    outcome = json.loads((built.parent / "outcome.json").read_text())
    assert outcome["unhappy"] == {}
    assert outcome["succeeded"]


def test_every_model_and_column_is_described(project: DbtProject) -> None:
    silent = [
        f"{model.name}.{column.name}"
        for model in models(project)
        for column in model.columns.values()
        if not column.description.strip()
    ]
    assert silent == []
    assert [model.name for model in models(project) if not model.description or not model.columns] == []


def test_the_described_columns_are_the_columns_of_the_tables(project: DbtProject, built: Path) -> None:
    found = rows(
        built,
        "select table_name, list(column_name order by column_index) from duckdb_columns()"
        " where column_name <> 'build_id' and (database_name = 'marts' or schema_name in ('staging', 'intermediate',"
        " 'facts')) group by table_name",
    )
    assert dict(found) == {model.name: list(model.columns) for model in models(project)}


def test_every_mart_is_public_contracted_and_keyed(project: DbtProject) -> None:
    marts = [model for model in models(project) if model.name.startswith("mart_")]
    assert len(marts) > 20
    assert [mart.name for mart in marts if mart.access is not AccessType.Public or not mart.contract.enforced] == []
    keys = {
        mart.name: [one.columns for one in mart.constraints if one.type == ConstraintType.primary_key] for mart in marts
    }
    assert [name for name, key in keys.items() if len(key) != 1] == []


def test_every_mart_has_a_reader_with_a_name(project: DbtProject) -> None:
    used = {name for exposure in project.manifest.exposures.values() for name in exposure.depends_on.nodes}
    marts = {model.unique_id for model in models(project) if model.name.startswith("mart_")}
    assert marts - used == set()
    assert all(exposure.owner.name and exposure.owner.email for exposure in project.manifest.exposures.values())


def test_a_view_is_of_nothing_but_the_projects_files(project: DbtProject) -> None:
    """So it can stand from build to build, unless any of them is different."""
    macros = project.manifest.macros
    varying = {f"macro.dbt.{name}" for name in ("is_incremental", "should_full_refresh", "run_query", "statement")}
    of_the_run = re.compile(r"\b(execute|flags|env_var|invocation_id|run_started_at)\b")

    def called(names: Iterable[str]) -> set[str]:
        found, ahead = set[str](), list(names)
        while ahead:
            if (name := ahead.pop()) not in found:
                found.add(name)
                ahead += macros[name].depends_on.macros
        return found

    views = [model for model in models(project) if model.config.materialized == "view"]
    assert len(views) > 20
    for view in views:
        made_with = called(view.depends_on.macros)
        assert not made_with & varying, view.name
        assert not any(
            of_the_run.search(sql) for sql in (view.raw_code, *(macros[name].macro_sql for name in made_with))
        )


def test_models_stay_short_enough_to_read(project: DbtProject) -> None:
    assert [model.name for model in models(project) if len(model.raw_code.splitlines()) > 120] == []
