"""The dbt models, and the publication of their marts."""

import dagster as dg

from dagster_project.lib.dbt_assets import build_dbt_assets, build_dbt_resource
from dagster_project.lib.jobs import crm_connections, rate_connections
from dagster_project.lib.publish_assets import build_publish_asset
from dagster_project.lib.resources import build_session_resource
from dagster_project.lib.salesforce_assets import scopes_of
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """Every model as an asset downstream of what it reads, `[published, marts]`, and the resources all assets use."""
    here = project()
    landed = {
        "ga4": [dg.AssetKey(["ga4", code]) for code in here.config.locales],
        "salesforce": [
            dg.AssetKey(["salesforce", scope])
            for name, account in crm_connections(here.config).items()
            for scope in scopes_of(name, account, here.config)
        ],
        "ecb": [dg.AssetKey([name, "shared"]) for name in rate_connections(here.config)],
    }
    return dg.Definitions(
        assets=[build_dbt_assets(here.settings, landed), build_publish_asset(here.settings)],
        resources={"session": build_session_resource(), "dbt": build_dbt_resource(here.settings)},
    )
