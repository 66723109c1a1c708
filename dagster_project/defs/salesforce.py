"""CRM: one multi-asset an org."""

import dagster as dg

from dagster_project.lib.jobs import crm_connections
from dagster_project.lib.salesforce_assets import build_salesforce_assets
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """`[salesforce, <scope>]` for every scope of every org that a locale is in."""
    config = project().config
    return dg.Definitions(
        assets=[build_salesforce_assets(name, account, config) for name, account in crm_connections(config).items()]
    )
