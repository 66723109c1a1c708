"""Signals as the published build has them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from dagster_project.lib.builds import DATABASE

_SIGNALS = """
    SELECT signal_id, signal_kind, locale, coalesce(locales.name, locale) AS name, kpi, subject, signal_status,
        since_date, last_seen_date, recovered_date, deviation_rate, once_in_days, summary, signals.owner
    FROM mart_signals AS signals LEFT JOIN mart_locales AS locales USING (locale)
    ORDER BY since_date DESC, locale, signal_kind, kpi, subject"""


@dataclass(frozen=True)
class Signal:
    """A row of `mart_signals`, with its country's name."""

    signal_id: str
    signal_kind: str
    locale: str
    name: str
    kpi: str
    subject: str
    signal_status: str
    since_date: date
    last_seen_date: date
    recovered_date: date | None
    deviation_rate: Decimal | None
    once_in_days: int | None
    summary: str
    owner: str

    @property
    def is_open(self) -> bool:
        return self.signal_status == "open"

    @property
    def how_unusual(self) -> str:
        """How often chance alone would do this, in words; empty where it is no matter of chance."""
        if self.once_in_days is None:
            return ""
        years = self.once_in_days / 365
        if years >= 1_000:
            return "practically never by chance"
        return f"by chance once in {years:.0f} years" if years >= 2 else f"by chance once in {self.once_in_days} days"


def published_signals(folder: Path) -> list[Signal]:
    """The signals of the build in `folder`, the newest first; none if it was made before there were any."""
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        try:
            return [Signal(*row) for row in connection.execute(_SIGNALS).fetchall()]
        except duckdb.CatalogException:
            return []
