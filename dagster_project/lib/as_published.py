"""Closed periods as an earlier build published them, or as they were known at an instant: table macros in the build.

`FROM kpis_as_published(12)` and `FROM kpis_as_known_at('2026-07-04 06:00:00+00')`, for whoever is connected to the
build's DuckDB file. Readers of Parquet filter `mart_kpi_history` likewise.
"""

from collections.abc import Iterable
from pathlib import Path

import duckdb

HISTORY = "mart_kpi_history"

_COLUMNS = (
    "locale, business_line, period_type, period_start, period_end, kpi, "
    "numerator, denominator, value, amount_local, amount_eur, amount_eur_constant"
)
# A row without a numerator says that the figure was no longer published.
_MACROS = {
    "kpis_as_published(build)": (
        "from_build_id <= build AND coalesce(until_build_id > build, true)",
        "KPIs of closed periods as build number `build` published them.",
    ),
    "kpis_as_known_at(instant)": (
        "from_as_of_at <= instant::TIMESTAMPTZ AND coalesce(until_as_of_at > instant::TIMESTAMPTZ, true)",
        "KPIs of closed periods as the newest build of that instant published them.",
    ),
}


def add_macros(database: Path, marts: Iterable[str]) -> None:
    """Create the macros in a staged database, where it has a history."""
    if HISTORY not in marts:
        return
    with duckdb.connect(database) as connection:
        for macro, (stood, meaning) in _MACROS.items():
            connection.execute(
                f"CREATE MACRO {macro} AS TABLE "
                f"SELECT {_COLUMNS} FROM {HISTORY} WHERE {stood} AND numerator IS NOT NULL"
            )
            connection.execute(f"COMMENT ON MACRO TABLE {macro.split('(')[0]} IS '{meaning}'")
