"""What Dagster is told: assets, partitions, jobs and schedules, from the configuration alone."""

import json
import subprocess
import sys

import dagster as dg
import pytest

from dagster_project.config import Config
from dagster_project.definitions import defs
from dagster_project.lib.jobs import BUILD_JOB
from dagster_project.project import project

MODELS = {"staging", "intermediate", "facts", "marts", "seeds"}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return defs()


@pytest.fixture(scope="module")
def config() -> Config:
    return project().config


def test_every_locale_has_an_analytics_asset_and_a_crm_asset_with_its_owner(
    definitions: dg.Definitions, config: Config
) -> None:
    graph = definitions.resolve_asset_graph()
    for code, locale in config.locales.items():
        for source in ("ga4", "salesforce"):
            assert graph.get(dg.AssetKey([source, code])).owners == [locale.owner]


def test_what_no_locale_claims_has_an_asset_of_its_own_in_each_org(definitions: dg.Definitions) -> None:
    keys = {key.to_user_string() for key in definitions.resolve_all_asset_keys()}
    for org in ("salesforce_global", "salesforce_americas"):
        assert {f"salesforce/unassigned-{org}", f"salesforce/shared-{org}"} <= keys


def test_analytics_are_partitioned_by_month_in_the_locales_own_time_zone_from_its_go_live(
    definitions: dg.Definitions, config: Config
) -> None:
    graph = definitions.resolve_asset_graph()
    for code, locale in config.locales.items():
        node = graph.get(dg.AssetKey(["ga4", code]))
        partitions = node.partitions_def
        assert isinstance(partitions, dg.MonthlyPartitionsDefinition)
        assert partitions.timezone == locale.time_zone
        assert partitions.get_first_partition_key() == locale.go_live.replace(day=1).isoformat()
        assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_the_total_has_an_analytics_asset_that_takes_users_alone(definitions: dg.Definitions) -> None:
    """GA-20: users of countries do not add up to users of the company."""
    node = definitions.resolve_asset_graph().get(dg.AssetKey(["ga4", "total"]))
    assert node.owners == ["marketing@noordlicht.example"]
    streams = node.metadata["streams"]
    assert isinstance(streams, dg.JsonMetadataValue)
    assert streams.value == ["users_by_day", "users_by_week", "users_by_month", "users_by_quarter"]


def test_every_ingest_asset_has_a_check_made_from_its_streams(definitions: dg.Definitions) -> None:
    checks = {(key.asset_key.to_user_string(), key.name) for key in definitions.resolve_asset_graph().asset_check_keys}
    assert ("ga4/nl", "landed_as_declared") in checks
    assert ("ga4/nl", "no_day_missing") in checks
    assert ("ga4/total", "no_day_missing") in checks
    assert ("salesforce/us", "landed_as_declared") in checks
    assert ("ecb/shared", "landed_as_declared") in checks


def test_staging_is_downstream_of_every_country_and_publication_of_every_mart(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    published = graph.get(dg.AssetKey(["published", "marts"]))
    assert {key.path[-1] for key in published.parent_keys} >= {"mart_kpi_period", "mart_funnel_daily", "mart_locales"}
    upstream = graph.get(dg.AssetKey(["staging", "stg_ga4__sessions"])).parent_keys
    assert dg.AssetKey(["ga4", "nl"]) in upstream
    assert dg.AssetKey(["ga4", "br"]) in upstream


def test_a_view_is_never_behind_what_it_shows_though_a_build_leaves_it_as_it_is(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    assert graph.get(dg.AssetKey(["staging", "stg_ga4__sessions"])).is_virtual
    assert not graph.get(dg.AssetKey(["marts", "mart_locales"])).is_virtual


def test_schedules_run_in_each_countrys_morning_and_stand_still_in_the_sandbox(
    definitions: dg.Definitions, config: Config
) -> None:
    schedules = {
        schedule.name: schedule
        for schedule in definitions.schedules or []
        if isinstance(schedule, dg.ScheduleDefinition)
    }
    assert schedules["ga4_au_daily"].execution_timezone == "Australia/Sydney"
    assert {f"{name}_hourly" for name in ("salesforce_global", "salesforce_americas")} <= schedules.keys()
    assert schedules["ga4_total_daily"].execution_timezone == "Europe/Amsterdam"
    assert len(schedules) == len(config.locales) + 4
    assert all(schedule.default_status is dg.DefaultScheduleStatus.STOPPED for schedule in schedules.values())


def test_every_data_test_is_a_check_of_the_model_it_is_about(definitions: dg.Definitions) -> None:
    """One of several that does not say which (`meta.dagster.ref`) would be noted on all of its inputs instead."""
    manifest = json.loads(project().settings.dbt_manifest.read_text())
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    checks = {key.name for key in definitions.resolve_asset_graph().asset_check_keys}
    assert tests <= checks


def test_the_build_is_of_all_models(definitions: dg.Definitions) -> None:
    """Without one that no mart is made of, a build would be of a part, and the next one have to be of everything."""
    graph = definitions.resolve_asset_graph()
    models = {key for key in graph.materializable_asset_keys if key.path[0] in MODELS}
    built = definitions.resolve_job_def(BUILD_JOB).asset_layer.selected_asset_keys
    assert {key.path[0] for key in models} == MODELS
    assert models - built == set()


def test_dagster_loads_all_definitions_without_dbt_and_vendors() -> None:
    """It is a process of its own, and most of a second to load; vendors' clients are a fifth of one."""
    unwanted = ("dbt.", "google.analytics.", "simple_salesforce.")
    program = (
        "import sys; from dagster_project.definitions import defs; defs();"
        f"print([name for name in sys.modules if (name + '.').startswith({unwanted})])"
    )
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert said.splitlines()[-1] == "[]"
