"""``orderBys``, and the order of rows nobody asked to be ordered.

The Data API promises no order beyond what is asked, not even the same one on the next page. So rows that the request
leaves tied come in an order shuffled by the request itself, page included: a client that pages without a full order
loses rows here as it may in the field.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.ga4.catalogue import NOT_SET
from sandbox.vendors.ga4.errors import invalid, unknown_field


def is_total(order_bys: Any, dimensions: tuple[str, ...]) -> bool:
    """Whether no two rows can tie: every dimension is ordered by."""
    return set(dimensions) <= {item.dimension.dimension_name for item in order_bys}


def ordered(table: pa.Table, order_bys: Any, seed: int) -> pa.Table:
    """The rows in the order asked for, ties shuffled by ``seed``. Raises GoogleError for a field not in the report."""
    shuffle = pa.array(np.random.default_rng(seed).permutation(table.num_rows))
    if not order_bys:
        return table.take(shuffle)
    keys = {f"k{position}": _ranks(table, item) for position, item in enumerate(order_bys)}
    directions = ["descending" if item.desc else "ascending" for item in order_bys]
    positions = pc.sort_indices(pa.table(keys).take(shuffle), sort_keys=list(zip(keys, directions, strict=True)))
    return table.take(pc.take(shuffle, positions))


def _ranks(table: pa.Table, item: Any) -> pa.Array:
    kind = item.WhichOneof("one_order_by")
    if kind == "metric":
        name = item.metric.metric_name
        if name not in table.column_names:
            raise unknown_field(name, "metric")
        return table[name].combine_chunks()
    if kind != "dimension":
        raise invalid("Each orderBy must have a dimension or a metric.")
    name = item.dimension.dimension_name
    if name not in table.column_names:
        raise unknown_field(name, "dimension")
    column = table[name].combine_chunks()
    order = type(item.dimension).OrderType.Name(item.dimension.order_type)
    return pc.take(_value_ranks(column.dictionary.to_pylist(), order), column.indices)


def _value_ranks(values: list[str], order: str) -> pa.Array:
    if order == "NUMERIC":
        return pa.array([_number(value) for value in values], pa.float64())
    if order == "CASE_INSENSITIVE_ALPHANUMERIC":
        values = [value.casefold() for value in values]
    places = {value: place for place, value in enumerate(sorted(set(values)))}
    return pa.array([places[value] for value in values], pa.int32())


def _number(value: str) -> float:
    """Non-numeric values, like ``(not set)``, come before all numbers."""
    try:
        return float(value) if value != NOT_SET else float("-inf")
    except ValueError:
        return float("-inf")
