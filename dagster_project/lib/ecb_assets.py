"""The exchange rates: one small asset, since they belong to every country at once."""

import dagster as dg

from connectors.catalog import DATASETS
from connectors.ecb.refresh import refresh_rates
from dagster_project.lib.checks import landed_as_declared
from dagster_project.lib.session import Session

SOURCE = "ecb"


def build_ecb_asset(name: str) -> dg.AssetsDefinition:
    """The asset `[<connection>, shared]` of the European Central Bank's reference rates."""
    key = dg.AssetKey([name, "shared"])
    datasets = [dataset for dataset in DATASETS if dataset.source == SOURCE]

    @dg.asset(
        key=key,
        description="Euro reference rates since 1999, as the European Central Bank publishes them.",
        group_name="ingest",
        kinds={"parquet"},
        tags={"connection": name},
        check_specs=[
            dg.AssetCheckSpec(
                "landed_as_declared", asset=key, description="Every stream has its declared columns and rows."
            )
        ],
    )
    def ecb_rates(context: dg.AssetExecutionContext, session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
        session.progress(name, "exchange rates")
        summary = refresh_rates(session.ecb_connection(name), session.landing, clock=session.clock)
        return dg.MaterializeResult(
            metadata={
                "rows": summary.rows,
                "changed": summary.changed,
                "last_rate_date": str(summary.last_rate_date),
                "api_calls": summary.api_calls,
            },
            check_results=[landed_as_declared(key, session.landing, datasets, f"shared-{name}")],
        )

    return ecb_rates
