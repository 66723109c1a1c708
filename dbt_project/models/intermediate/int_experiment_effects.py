"""What each variant of an experiment changes, country by country and pooled (`python/experiments.py`)."""

from itertools import groupby
from typing import Any

import pyarrow as pa
from experiments import FIGURES, effects

KEY = ("experiment", "locale", "variant")
SCHEMA = pa.schema([*((name, pa.string()) for name in KEY), *((name, pa.float64()) for name in FIGURES)])


def model(dbt: Any, session: Any) -> pa.Table:
    """The table of effects; `session` is DuckDB's connection."""
    dbt.config(materialized="table")
    counts = dbt.ref("int_experiment_counts").order("experiment, locale, is_control desc, variant")
    rows = counts.project("experiment, locale, variant, is_control, share, visitors, conversions").fetchall()
    tried = {name: effects([row[1:] for row in group]) for name, group in groupby(rows, key=lambda row: row[0])}
    found = [dict(zip(KEY, (name, *of), strict=True)) | one for name, all_ in tried.items() for of, one in all_.items()]
    return pa.Table.from_pylist(found, SCHEMA)
