"""What targets whose period is not over will come to (`python/forecasts`)."""

from typing import Any

import numpy as np
import pyarrow as pa
from forecasts import Days, forecast

SCHEMA = pa.schema(
    [
        ("target_id", pa.string()),
        ("forecast_method", pa.string()),
        ("forecast_value", pa.float64()),
        ("forecast_lower", pa.float64()),
        ("forecast_upper", pa.float64()),
        ("forecast_error_rate", pa.float64()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """The table of forecasts; targets without enough past have none. `session` is DuckDB's connection."""
    dbt.config(materialized="table")
    columns = dbt.ref("int_target_days").order("target_id, date").fetchnumpy()
    targets = np.asarray(columns.pop("target_id"), dtype=str)
    days = {name: np.ma.filled(np.ma.asarray(columns[name], dtype=float), np.nan) for name in Days._fields}
    starts = np.flatnonzero(np.r_[True, targets[1:] != targets[:-1]]) if len(targets) else np.array([], dtype=int)
    rows = []
    for start, end in zip(starts, [*starts[1:], len(targets)], strict=True):
        found = forecast(Days(**{name: values[start:end] for name, values in days.items()}))
        if found is not None:
            rows.append(dict(zip(SCHEMA.names, (str(targets[start]), *found), strict=True)))
    return pa.Table.from_pylist(rows, SCHEMA)
