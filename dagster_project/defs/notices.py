"""Telling people of signals."""

import dagster as dg

from dagster_project.lib.notices_asset import build_notices_asset


@dg.definitions
def defs() -> dg.Definitions:
    """`[notices, signals]`."""
    return dg.Definitions(assets=[build_notices_asset()])
