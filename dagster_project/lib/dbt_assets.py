"""The dbt project as Dagster assets: sources are the landed assets of every locale.

One run builds and tests all models.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from packaging.version import Version

from dagster_project.lib.budget_band import check_budget_band
from dagster_project.lib.dagster_dbt_alone import (
    DagsterDbtCliRuntimeError,
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dagster_project.lib.dbt_process import dbt_executable
from dagster_project.lib.gate import run_results_path
from dagster_project.lib.missing_rates import MoneyWithoutRates, missing_rates
from dagster_project.lib.preparing import preparing
from dagster_project.lib.published_state import prepare_published_state, published_relations
from dagster_project.lib.session import Session
from dagster_project.lib.warehouse import hash_of_models, plan_build, prepare_warehouse
from dagster_project.lib.what_changed import finish, finished
from dagster_project.settings import Settings

DBT_VERSION = Version(version("dbt-core"))


class Translator(DagsterDbtTranslator):
    """Names and groups dbt models, and ties each landed dataset to the assets of all locales that land it."""

    def __init__(self, landed: Mapping[str, list[dg.AssetKey]]) -> None:
        """`landed` gives the asset keys of a source system, such as `ga4`."""
        # A view is as new as what it shows, also when a build has had no reason to create it again.
        super().__init__(DagsterDbtTranslatorSettings(enable_dbt_views_as_virtual_assets=True))
        self._landed = landed

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        spec = super().get_asset_spec(manifest, unique_id, project)
        if not unique_id.startswith("model."):
            return spec
        node = manifest["nodes"][unique_id]
        parents = [
            manifest["sources"][parent] for parent in node["depends_on"]["nodes"] if parent in manifest["sources"]
        ]
        systems = {parent["name"].split("__")[0] for parent in parents if parent["source_name"] == "landing"}
        landed = [key for system in sorted(systems) for key in self._landed.get(system, [])]
        models = [dep for dep in spec.deps if dep.asset_key.path[0] not in ("landing", "config", "published")]
        return spec.replace_attributes(deps=[*models, *landed], group_name=_folder(node))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "model":
            return dg.AssetKey([_folder(dbt_resource_props), dbt_resource_props["name"]])
        return super().get_asset_key(dbt_resource_props)


def dbt_project(settings: Settings) -> DbtProject:
    """The dbt project with its target folder among the data, so that the checkout stays clean."""
    return DbtProject(settings.dbt_project, target_path=settings.dbt_target, profiles_dir=settings.dbt_project)


class Dbt(DbtCliResource):
    """dbt's command line, without two seconds of preparation that a build of ours has no use for."""

    @cached_property
    def _cli_version(self) -> Version:
        """Known of the package; asking the executable means starting dbt once more."""
        return DBT_VERSION

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """None, as with an engine that has no adapter: dbt in this process, too, would serve only to count rows."""


def build_dbt_resource(settings: Settings) -> DbtCliResource:
    """dbt's command line, for builds of models that somebody has chosen."""
    folder = str(settings.dbt_project)
    return Dbt(project_dir=folder, profiles_dir=folder, dbt_executable=dbt_executable())


def ensure_manifest(settings: Settings) -> Path:
    """The path of a manifest of the dbt project as it is now, parsed again when any file differs.

    Compared by content: a deleted model must go from the manifest too. Raises CalledProcessError when dbt refuses.
    """
    manifest = settings.dbt_manifest
    parsed_from = manifest.with_name("parsed_from.txt")
    files = hash_of_models(settings.dbt_project)
    if not manifest.is_file() or not parsed_from.is_file() or parsed_from.read_text() != files:
        settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [
                dbt_executable(),
                # What was parsed before is not gone by: dbt takes a description that moved to another file for two.
                *("--quiet", "parse", "--no-partial-parse"),
                *("--project-dir", settings.dbt_project, "--profiles-dir", settings.dbt_project),
                *("--target-path", settings.dbt_target),
            ],
            check=True,
            cwd=settings.dbt_project,
            env=dict(os.environ),
        )
        copy = manifest.with_suffix(".new")
        shutil.copyfile(settings.dbt_target / manifest.name, copy)
        os.replace(copy, manifest)
        parsed_from.write_text(files)
    return manifest


def build_dbt_assets(settings: Settings, landed: Mapping[str, list[dg.AssetKey]]) -> dg.AssetsDefinition:
    """All models, as one operation: the working database is made ready, then `dbt build` runs models and data tests."""
    project = dbt_project(settings)
    translator = Translator(landed)
    # The same object for the definitions and for the events of a build: dagster-dbt remembers what it has made of it.
    manifest = json.loads(ensure_manifest(settings).read_text())

    @dbt_assets(
        manifest=manifest,
        project=project,
        dagster_dbt_translator=translator,
        name="dbt_models",
    )
    def dbt_models(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, session: dg.ResourceParam[Session]
    ) -> Iterator[Any]:
        session.writer.acquire(waiting=lambda: session.progress("dbt", "waiting for another build"))
        session.progress("dbt", "preparing the working database")
        here = session.settings
        check_budget_band(here.config, session.landing, session.config.project.fiscal_year_start_month)
        now = session.clock()
        relations = published_relations(manifest)
        plan = plan_build(here.warehouse, session.config, session.landing, here.dbt_project, now)
        # A dbt that is killed writes no results; those of the run before must not vouch for what it leaves behind.
        run_results_path(settings.dbt_target).unlink(missing_ok=True)
        command = dbt_command(everything=plan.everything, part=context.is_subset)
        with preparing(here.warehouse):
            # It reads the project meanwhile, and opens the database when it is ready.
            if context.is_subset:
                invocation = dbt.cli(command, context=context, target_path=settings.dbt_target)
            else:
                invocation = DbtCliInvocation(
                    process=session.dbt.run(command),
                    manifest=manifest,
                    dagster_dbt_translator=translator,
                    project_dir=here.dbt_project,
                    target_path=settings.dbt_target,
                    raise_on_error=True,
                    cli_version=DBT_VERSION,
                    project=project,
                    context=context,
                )
            try:
                prepare_warehouse(here.warehouse, session.config, session.landing, plan, now)
                prepare_published_state(here.warehouse, here.published, relations, session.config, plan.models)
            except BaseException:
                invocation.process.kill()
                invocation.process.wait()
                raise
        session.progress("dbt", f"building and testing the models{', all of history' if plan.everything else ''}")
        try:
            yield from invocation.stream()
        except DagsterDbtCliRuntimeError as error:
            # dbt counts what has no rate; people need to know which deals, which currencies and which days.
            missing = missing_rates(here.warehouse)
            if missing:
                raise MoneyWithoutRates(missing, str(error)) from None
            raise
        finally:
            # A part leaves the rest without what is new: the next build has to be of everything.
            if finished(run_results_path(settings.dbt_target)) and not context.is_subset:
                finish(session.settings.warehouse)

    return dbt_models


def dbt_command(*, everything: bool, part: bool = False) -> list[str]:
    """What dbt is told: to build `everything`, or only what is new; a `part` if somebody has chosen models, which
    dagster-dbt adds.

    Views and the seed are of nothing but the project's files, so they stand until everything is built; the tests of
    views look at data, and run. Unit tests check the code: the test suite runs them. Exposures are only shown.
    """
    command = ["build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "exposure"]
    if everything:
        return [*command, "--full-refresh"]
    standing = ["--exclude-resource-type", "seed", "--exclude", "config.materialized:view"]
    return command if part else [*command, *standing, "--indirect-selection", "empty"]


def _folder(node: Mapping[str, Any]) -> str:
    """The folder of `models` that a model is in: a schema of the working database, or `marts`, a file of its own."""
    return str(node["fqn"][1])
