"""What a response says: its rows as typed landed columns, and its remarks about itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from connectors.errors import IncompleteResponse
from connectors.ga4.streams import SOURCE, Column, GA4Stream
from connectors.privacy import Pseudonymiser, strip_queries


def typed_columns(texts: Mapping[str, pa.ChunkedArray], stream: GA4Stream, pseudonymiser: Pseudonymiser) -> pa.Table:
    """Landed columns from the response's texts, found by header name.

    Raises IncompleteResponse naming a column whose text is no value of its kind.
    """
    schema = stream.dataset.schema
    if not texts:
        return schema.empty_table()
    columns = []
    for column in stream.columns:
        try:
            columns.append(_typed(texts[column.api_name], column, pseudonymiser))
        except (pa.ArrowInvalid, ValueError):
            raise IncompleteResponse(f"{column.api_name} has a value that is no {column.kind}", source=SOURCE) from None
    return pa.table(columns, schema=schema)


def _typed(texts: pa.ChunkedArray, column: Column, pseudonymiser: Pseudonymiser) -> pa.ChunkedArray:
    if column.kind == "text":
        return texts
    if column.kind == "date":
        return pc.strptime(texts, format="%Y%m%d", unit="s").cast(pa.date32())
    if column.kind == "path":
        return strip_queries(texts)
    if column.kind == "visitor":
        return pseudonymiser.visitor_keys(texts)
    # Integers may come as "1.2E7", and fractions of seconds mean nothing: exact up to 2^53 either way.
    numbers = texts.cast(pa.float64())
    if not pc.all(pc.is_finite(numbers), min_count=0).as_py():
        raise ValueError(column.api_name)
    return pc.round(numbers).cast(pa.int64()) if column.kind == "integer" else numbers


def response_metadata(message: Any) -> dict[str, Any]:
    """A response's remarks that qualify its numbers, for the window's record; absent ones are left out."""
    metadata = message.metadata
    remarks: dict[str, Any] = {
        "row_count": int(message.row_count),
        "time_zone": metadata.time_zone,
        "currency": metadata.currency_code,
        "subject_to_thresholding": metadata.subject_to_thresholding,
        "data_loss_from_other_row": metadata.data_loss_from_other_row,
        "empty_reason": metadata.empty_reason,
        "sampling": [MessageToDict(sampling) for sampling in metadata.sampling_metadatas],
        "truncation": [MessageToDict(reason) for reason in metadata.data_truncation_reasons],
    }
    return {name: value for name, value in remarks.items() if value}
