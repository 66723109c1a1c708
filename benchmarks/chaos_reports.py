"""What a property shows of users, events, pages and advertisements, counted from the company, and what is landed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from connectors.ga4.streams import ADS, CONTENT, KEY_EVENTS, USERS, GA4Stream
from connectors.landing import Landing
from connectors.periods import Period, periods_of
from connectors.specs import LocaleSpec
from connectors.windows import days_between
from sandbox.vendors.company import Company

Rows = Counter[tuple[Any, ...]]


def compared_reports(
    landing: Landing, company: Company, locale: LocaleSpec, days: tuple[date, date]
) -> Iterator[tuple[str, Rows, Rows]]:
    """Name, rows there should be, and rows there are, of each report from the first to the last of ``days``, which are
    final. A period of days counts when it ended by then."""
    start, last = days
    number = locale.ga4_property
    sources: tuple[tuple[GA4Stream, pa.Table, Callable[[dict[str, Any]], bool]], ...] = (
        (KEY_EVENTS, company.ga4_key_events(number), lambda row: row["isKeyEvent"] == "true"),
        (CONTENT, company.ga4_content(number), lambda _: True),
        (ADS, company.ga4_ads(number), lambda _: True),
    )
    for stream, table, is_asked in sources:
        rows = [row for row in table.to_pylist() if start <= row["date"] <= last and is_asked(row)]
        names = [column.api_name for column in stream.columns]
        yield (
            stream.name,
            Counter(tuple(_plain(name, row[name]) for name in names) for row in rows),
            _landed(landing, stream, locale, last),
        )
    visits = company.ga4_users(number).to_pylist()
    for stream in USERS:
        periods = [period for period in periods_of(days_between(*days), stream.grain) if period[1] <= last]
        yield stream.name, Counter(_users(visits, period) for period in periods), _landed(landing, stream, locale, last)


def _users(visits: list[dict[str, Any]], period: Period) -> tuple[Any, ...]:
    """First day of a period, and its users: all, active, and new ones. Whoever came twice counts the first time."""
    first, last = period
    inside = [row for row in visits if first <= row["date"] <= last]
    once = [row for row in inside if row["gap"] == 0 or row["date"] - timedelta(days=row["gap"]) < first]
    new = sum(row["totalUsers"] for row in inside if row["gap"] == 0)
    return first, sum(row["totalUsers"] for row in once), sum(row["activeUsers"] for row in once), new


def _landed(landing: Landing, stream: GA4Stream, locale: LocaleSpec, last: date) -> Rows:
    """The rows of periods that have ended by ``last``."""
    rows = landing.read(stream.dataset, locale.code).to_pylist()
    day = stream.dimensions[0].name
    ended = [row for row in rows if stream.periods((row[day], row[day]))[0][1] <= last]
    return Counter(tuple(row[column.name] for column in stream.columns) for row in ended if row[day] <= last)


def _plain(name: str, value: Any) -> Any:
    return Decimal(value) / 1_000_000 if name == "advertiserAdCost" else value
