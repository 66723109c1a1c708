"""The jobs: one for each country's web analytics, one a CRM org, one for the rates, one that builds and publishes."""

from typing import TYPE_CHECKING

import dagster as dg

from dagster_project.config import Config, SalesforceConnection
from dagster_project.config.accounts import EcbConnection
from dagster_project.lib.publish_assets import KEY as PUBLISHED
from dagster_project.lib.web_scopes import web_scopes

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

BUILD_JOB = "build_and_publish"


def ga4_job_name(locale: str) -> str:
    """The job that fetches a locale's web analytics."""
    return f"ga4_{locale.replace('-', '_')}"


def crm_connections(config: Config) -> dict[str, SalesforceConnection]:
    """The Salesforce orgs that at least one locale is in."""
    used = {locale.crm.connection for locale in config.locales.values()}
    return {
        name: account
        for name, account in config.connections.items()
        if isinstance(account, SalesforceConnection) and name in used
    }


def rate_connections(config: Config) -> list[str]:
    """The connections exchange rates come from."""
    return [name for name, account in config.connections.items() if isinstance(account, EcbConnection)]


def build_jobs(config: Config) -> "list[UnresolvedAssetJobDefinition]":
    """Every job of the project. Each runs in one process: a step of its own would cost more than the work."""
    executor = dg.in_process_executor
    ga4_jobs = [
        dg.define_asset_job(
            ga4_job_name(code),
            selection=dg.AssetSelection.assets(["ga4", code]),
            executor_def=executor,
            description=f"Fetch the web analytics of {scope.name} that are due.",
            tags={"locale": code},
        )
        for code, scope in web_scopes(config).items()
    ]
    crm_jobs = [
        dg.define_asset_job(
            name,
            selection=dg.AssetSelection.groups("ingest") & dg.AssetSelection.tag("connection", name),
            executor_def=executor,
            description=f"Pull what changed in {account.domain}.",
        )
        for name, account in crm_connections(config).items()
    ]
    rate_jobs = [
        dg.define_asset_job(
            name,
            selection=dg.AssetSelection.assets([name, "shared"]),
            executor_def=executor,
            description="Fetch the exchange rates.",
        )
        for name in rate_connections(config)
    ]
    build = dg.define_asset_job(
        BUILD_JOB,
        executor_def=executor,
        selection=dg.AssetSelection.assets(PUBLISHED).upstream() - dg.AssetSelection.groups("ingest"),
        description="Build and test the models, and publish the marts if all is well.",
    )
    return [*ga4_jobs, *crm_jobs, *rate_jobs, build]
