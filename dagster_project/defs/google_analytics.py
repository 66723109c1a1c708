"""Web analytics: one asset a locale, and one for all together."""

import dagster as dg

from dagster_project.lib.ga4_assets import build_ga4_asset
from dagster_project.lib.web_scopes import web_scopes
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """`[ga4, <locale>]` for every locale of the configuration, and `[ga4, total]` if there is a roll-up property."""
    return dg.Definitions(assets=[build_ga4_asset(scope) for scope in web_scopes(project().config).values()])
