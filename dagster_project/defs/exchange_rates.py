"""Exchange rates."""

import dagster as dg

from dagster_project.lib.ecb_assets import build_ecb_asset
from dagster_project.lib.jobs import rate_connections
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """`[<connection>, shared]` for every source of rates."""
    return dg.Definitions(assets=[build_ecb_asset(name) for name in rate_connections(project().config)])
