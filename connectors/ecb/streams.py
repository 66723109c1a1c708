"""The one stream: a rate a day and currency."""

from __future__ import annotations

import pyarrow as pa

from connectors.landing.dataset import Dataset

SOURCE = "ecb"
SCOPE = "shared-ecb"

RATE = pa.decimal128(18, 6)
INVERSE_RATE = pa.decimal128(20, 18)

RATES = Dataset(
    SOURCE,
    "rates",
    pa.schema(
        [
            pa.field("rate_date", pa.date32()),
            pa.field("currency", pa.string()),
            pa.field("rate", RATE),
            pa.field("inverse_rate", INVERSE_RATE),
        ]
    ),
    "series",
    "rate_date",
)
"""``rate`` is units per euro as published; ``inverse_rate`` euros per unit, exact to 18 places, because DuckDB divides
decimals as floats. A day or currency without a rate has no row."""
