"""Web analytics: one asset a locale."""

import dagster as dg

from dagster_project.lib.ga4_assets import build_ga4_asset
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """`[ga4, <locale>]` for every locale of the configuration."""
    return dg.Definitions(assets=[build_ga4_asset(locale) for locale in project().config.locales.values()])
