"""Downloading the newest day, or the whole history, and landing it by year: the functions the orchestrator calls."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import requests

from connectors.deadlines import read_within
from connectors.ecb.daily import follows, parse_daily
from connectors.ecb.history import parse_history
from connectors.ecb.streams import RATES, SCOPE, SOURCE
from connectors.errors import ConfigurationError, IncompleteResponse, SourceUnavailable
from connectors.landing import Landing, SeriesWindow
from connectors.specs import Clock, ECBConnection, require_loopback

DAILY_NAME = "eurofxref-daily.xml"
"""Beside the history, wherever that is."""

TIMEOUT = (10.0, 60.0)
ATTEMPTS = 3
DEADLINE_SECONDS = 300.0
"""For one answer in all."""

FIRST_YEAR = 1999

HISTORY_AT_LEAST_EVERY = timedelta(days=7)
"""The bank corrects a rate now and then; the newest day's file would never tell."""


@dataclass(frozen=True, slots=True)
class RatesSummary:
    """What a refresh did: rows and years parsed, the newest day with rates, whether any landed row changed;
    ``not_modified`` when the server had nothing newer than what is landed. Of the newest day's file alone the rows are
    one day's."""

    rows: int
    years: int
    last_rate_date: date | None
    changed: bool
    not_modified: bool
    api_calls: int


def refresh_rates(
    connection: ECBConnection,
    landing: Landing,
    *,
    clock: Clock,
    session: requests.Session | None = None,
    first_year: int = FIRST_YEAR,
    pause: float = 1.0,
    sleep: Callable[[float], None] = time.sleep,
    deadline: float = DEADLINE_SECONDS,
) -> RatesSummary:
    """Land every rate from ``first_year`` on; years whose rates are landed already stay untouched. Where only the
    newest day is missing, its own small file is enough; what lands is the same. ``deadline`` bounds one answer, in
    seconds.

    Raises SourceUnavailable, ConfigurationError (an address without TLS that is not on this machine, or that is wrong),
    IncompleteResponse (not the expected file) and ShortReplacement (most of a year's rates gone).
    """
    waiting = (pause, sleep)
    known = _known(landing, first_year)
    calls = 0
    if known and clock() - datetime.fromisoformat(known["fetched_at"]) < HISTORY_AT_LEAST_EVERY:
        newest, calls = _newest_day(connection, session, waiting, deadline)
        summary = _landed_day(landing, newest, known, calls) if newest is not None else None
        if summary is not None:
            return summary
    etag = known.get("etag") if known else None
    response, more = _download(connection.url, session, etag, waiting, deadline)
    if response.status_code == requests.codes.not_modified:
        return RatesSummary(0, 0, _last_date(landing), False, True, calls + more)
    rows = parse_history(response.content, first_year)
    metadata = {"etag": response.headers.get("ETag"), "fetched_at": clock().isoformat(), "first_year": first_year}
    changed = _land(landing, rows, metadata)
    years = len(pc.unique(pc.year(rows["rate_date"])))
    return RatesSummary(len(rows), years, _last_date(landing), changed, False, calls + more)


def _land(landing: Landing, rows: pa.Table, metadata: dict[str, Any]) -> bool:
    """Land all rows of some years; whether any of them is another one than before."""
    years = pc.year(rows["rate_date"])
    changed = False
    for year in sorted(pc.unique(years).to_pylist()):
        window = SeriesWindow(date(year, 1, 1), date(year + 1, 1, 1), "final", metadata)
        part: pa.Table = rows.filter(pc.equal(years, year))
        changed |= landing.replace_windows(RATES, SCOPE, str(year), part, [window]).changed
    return changed


def _landed_day(landing: Landing, newest: pa.Table, known: dict[str, Any], calls: int) -> RatesSummary | None:
    """Land the newest day; None, if there may be more that is missing."""
    day: date = newest["rate_date"][0].as_py()
    last = _last_date(landing)
    if last is None or (day > last and not (follows(day, last) and _quotes_no_less(newest, landing, last))):
        return None
    if day <= last:
        return RatesSummary(0, 0, last, False, True, calls)
    changed = _land(landing, pa.concat_tables([_landed_year(landing, day.year), newest]), known)
    return RatesSummary(len(newest), 1, day, changed, False, calls)


def _newest_day(
    connection: ECBConnection,
    session: requests.Session | None,
    waiting: tuple[float, Callable[[float], None]],
    deadline: float,
) -> tuple[pa.Table | None, int]:
    """The rates of the newest day, from the file beside the history; None where there is no such file, or it is not
    what it should be: then the history is asked for. And the number of calls it took."""
    try:
        response, calls = _download(urljoin(connection.url, DAILY_NAME), session, None, waiting, deadline)
        return parse_daily(response.content), calls
    except (ConfigurationError, IncompleteResponse):
        return None, 1


def _quotes_no_less(newest: pa.Table, landing: Landing, last: date) -> bool:
    """Whether a day has the currencies of the one before; where one is gone, the history shall say so."""
    before = _landed_year(landing, last.year)
    quoted = before.filter(pc.equal(before["rate_date"], pa.scalar(last)))["currency"]
    return set(quoted.to_pylist()) <= set(newest["currency"].to_pylist())


def _landed_year(landing: Landing, year: int) -> pa.Table:
    files = [file for file in landing.files(SOURCE, RATES.stream, SCOPE) if file.segment == str(year)]
    tables = [pq.read_table(file.path, columns=RATES.schema.names).cast(RATES.schema) for file in files]
    return pa.concat_tables([RATES.schema.empty_table(), *tables])


def check(connection: ECBConnection, session: requests.Session | None = None) -> None:
    """Prove that the file can be fetched."""
    _download(connection.url, session, None, (1.0, time.sleep))


def _download(
    url: str,
    session: requests.Session | None,
    etag: str | None,
    waiting: tuple[float, Callable[[float], None]],
    deadline: float = DEADLINE_SECONDS,
) -> tuple[requests.Response, int]:
    """The answer (200 or 304) and the number of calls it took."""
    if urlsplit(url).scheme != "https":
        require_loopback(url, SOURCE)
    headers = {"If-None-Match": etag} if etag else {}
    pause, sleep = waiting
    fault = SourceUnavailable("The European Central Bank did not answer", source=SOURCE)
    with session or requests.Session() as http:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = http.get(url, headers=headers, timeout=TIMEOUT, stream=True)
                is_whole = read_within(response, deadline)
            except requests.RequestException as error:
                fault.cause = type(error).__name__
            else:
                if is_whole and response.status_code in (requests.codes.ok, requests.codes.not_modified):
                    return response, attempt
                fault.cause = f"HTTP {response.status_code}" if is_whole else f"no end of it within {deadline:g} s"
                if is_whole and response.status_code < 500 and response.status_code != 429:
                    raise ConfigurationError("The rates are not at this address", source=SOURCE, cause=fault.cause)
            if attempt < ATTEMPTS:
                sleep(pause * 2 ** (attempt - 1))
    raise fault


def _known(landing: Landing, first_year: int) -> dict[str, Any] | None:
    """What came with the landed history, unless earlier years are asked for than were landed with it."""
    windows = landing.windows(SOURCE, RATES.stream, SCOPE)
    if not windows:
        return None
    metadata: dict[str, Any] = json.loads(windows[-1].metadata)
    return metadata if metadata.get("first_year", first_year) <= first_year else None


def _last_date(landing: Landing) -> date | None:
    years = [file.segment for file in landing.files(SOURCE, RATES.stream, SCOPE)]
    newest: date | None = pc.max(_landed_year(landing, int(max(years)))["rate_date"]).as_py() if years else None
    return newest
