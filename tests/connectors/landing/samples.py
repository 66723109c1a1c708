"""Two small datasets and rows for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from connectors.landing import Dataset, Landing, SeriesWindow
from connectors.landing.dataset import State

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)

VISITS = Dataset(
    "web",
    "visits",
    pa.schema([pa.field("date", pa.date32()), pa.field("page", pa.string()), pa.field("visits", pa.int64())]),
    "series",
    "date",
)
PEOPLE = Dataset(
    "crm",
    "people",
    pa.schema(
        [
            pa.field("id", pa.string()),
            pa.field("system_modstamp", pa.timestamp("us", "UTC")),
            pa.field("status", pa.string()),
            pa.field("amount", pa.decimal128(18, 4)),
        ]
    ),
    "changes",
    "system_modstamp",
    ("id", "system_modstamp"),
)


def visits(*rows: tuple[date, str, int]) -> pa.Table:
    return pa.Table.from_pylist([{"date": d, "page": p, "visits": v} for d, p, v in rows], VISITS.schema)


def people(*rows: tuple[str, datetime, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [{"id": i, "system_modstamp": t, "status": s, "amount": None} for i, t, s in rows], PEOPLE.schema
    )


def day(number: int) -> date:
    return date(2026, 6, number)


def days(*numbers: int, state: State = "final") -> list[SeriesWindow]:
    return [SeriesWindow(day(n), day(n) + timedelta(days=1), state) for n in numbers]


def content(landing: Landing, dataset: Dataset, columns: Sequence[str] = ()) -> list[tuple[object, ...]]:
    names = list(columns) or dataset.schema.names
    rows = landing.read(dataset).select(names).to_pylist()
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)
