"""One multi-asset a Salesforce org: one pull an object serves every locale of the org, and none falls between."""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg

from connectors.catalog import DATASETS
from connectors.landing import Dataset
from connectors.salesforce.scopes import scope_names
from connectors.windows import CrmWindow
from dagster_project.config import Config, SalesforceConnection
from dagster_project.lib.checks import landed_as_declared
from dagster_project.lib.session import Session, locale_spec, salesforce_connection

SOURCE = "salesforce"


class WindowConfig(dg.Config):
    """Which changes to pull; by default those since the last pull."""

    window_start: str | None = None
    """ISO instant: pull again what changed from here on."""
    window_end: str | None = None
    """ISO instant (exclusive): up to here."""


def salesforce_datasets() -> tuple[Dataset, ...]:
    """The datasets Salesforce lands, from the connector's stream specs."""
    return tuple(dataset for dataset in DATASETS if dataset.source == SOURCE)


def scopes_of(name: str, account: SalesforceConnection, config: Config) -> tuple[str, ...]:
    """The scopes an org lands: its locales, what no locale claims, and what belongs to the whole org."""
    locales = [locale_spec(locale) for locale in config.locales.values() if locale.crm.connection == name]
    return scope_names(salesforce_connection(name, account), locales)


def operation_name(connection: str) -> str:
    """The name of an org's operation in run configurations; the job has the connection's own name."""
    return f"pull_{connection}"


def build_salesforce_assets(name: str, account: SalesforceConnection, config: Config) -> dg.AssetsDefinition:
    """The multi-asset of one org: `[salesforce, <locale>]` for each locale it serves, `unassigned-…` and `shared-…`."""
    locales = [locale_spec(locale) for locale in config.locales.values() if locale.crm.connection == name]
    scopes = scopes_of(name, account, config)
    keys = {scope: dg.AssetKey([SOURCE, scope]) for scope in scopes}

    @dg.multi_asset(
        name=operation_name(name),
        specs=[
            dg.AssetSpec(
                keys[scope],
                description=_description(scope, account),
                owners=[config.locales[scope].owner] if scope in config.locales else None,
                group_name="ingest",
                kinds={"salesforce", "parquet"},
                tags={"connection": name} | ({"locale": scope} if scope in config.locales else {}),
            )
            for scope in scopes
        ],
        check_specs=[
            dg.AssetCheckSpec(
                "landed_as_declared", asset=key, description="Every stream has its declared columns and rows."
            )
            for key in keys.values()
        ],
        can_subset=True,
    )
    def salesforce_org(
        context: dg.AssetExecutionContext, config: WindowConfig, session: dg.ResourceParam[Session]
    ) -> Iterator[dg.MaterializeResult]:
        from connectors.salesforce.refresh import refresh_connection  # the vendor's client: a build has no use for it

        selected = [scope for scope in scopes if keys[scope] in context.selected_asset_keys]
        summary = refresh_connection(
            session.salesforce_client(name),
            session.landing,
            session.salesforce_connection(name),
            locales,
            clock=session.clock,
            pseudonymiser=session.pseudonymiser,
            window=_window(config),
            only=selected,
            on_progress=lambda doing: session.progress(name, doing),
        )
        for scope in selected:
            landed = summary.scopes[scope]
            yield dg.MaterializeResult(
                asset_key=keys[scope],
                metadata={
                    "rows": landed.rows,
                    "changed": landed.changed,
                    "window_end": str(landed.window_end),
                    "rows_by_stream": dg.MetadataValue.json(landed.streams),
                    "org_api_calls": summary.api_calls,
                    "org_bulk_jobs": summary.bulk_jobs,
                    "org_api_usage": dg.MetadataValue.json(list(summary.api_usage or ())),
                },
                check_results=[landed_as_declared(keys[scope], session.landing, salesforce_datasets(), scope)],
            )

    return salesforce_org


def _window(config: WindowConfig) -> CrmWindow | None:
    if config.window_start is None or config.window_end is None:
        return None
    return CrmWindow(datetime.fromisoformat(config.window_start), datetime.fromisoformat(config.window_end))


def _description(scope: str, account: SalesforceConnection) -> str:
    if scope.startswith("unassigned"):
        return f"CRM records of {account.domain} that no locale claims: countries without a file yet, empty fields."
    if scope.startswith("shared"):
        return f"CRM records of {account.domain} that belong to the whole org, such as campaigns and products."
    return f"CRM records of {scope} in {account.domain}: leads, contacts, accounts, deals, their histories, activities."
