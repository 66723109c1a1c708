"""Figures that are not what they should be, since when, and how unusual that is: a row an episode of the last 120 days.

Each day is judged by what was known on it, so that a build of everything finds what each day's build found.
"""

from typing import Any

import pyarrow as pa
from signals import COLUMNS, KEYS, episodes

TYPES = {"text": pa.string(), "date": pa.date32(), "number": pa.float64()}
SCHEMA = pa.schema([(name, TYPES[kind]) for name, kind in COLUMNS.items()])


def model(dbt: Any, session: Any) -> pa.Table:
    """The table of episodes; `session` is DuckDB's connection."""
    dbt.config(materialized="table")
    figures = dbt.ref("int_signal_figures").order(", ".join((*KEYS, "date"))).fetchnumpy()
    reach = dbt.ref("mart_locales").project("locale, go_live_date, as_of_date, provisional_from_date").fetchall()
    holidays = dbt.source("config", "holidays").project("locale, holiday_date").fetchall()
    return pa.Table.from_pylist(list(episodes(figures, sorted(reach), holidays)), SCHEMA)
