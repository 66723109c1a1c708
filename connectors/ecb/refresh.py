"""Downloading the history when it has changed, and landing it by year: the functions the orchestrator calls."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import requests

from connectors.deadlines import read_within
from connectors.ecb.history import parse_history
from connectors.ecb.streams import RATES, SCOPE, SOURCE
from connectors.errors import ConfigurationError, SourceUnavailable
from connectors.landing import Landing, SeriesWindow
from connectors.specs import Clock, ECBConnection, require_loopback

TIMEOUT = (10.0, 60.0)
ATTEMPTS = 3
DEADLINE_SECONDS = 300.0
"""For one answer in all."""

FIRST_YEAR = 1999


@dataclass(frozen=True, slots=True)
class RatesSummary:
    """What a refresh did: rows and years parsed, the newest day with rates, whether any landed row changed;
    ``not_modified`` when the server had nothing newer than what is landed."""

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
    """Land every rate from ``first_year`` on; years whose rates are landed already stay untouched. ``deadline`` bounds
    one answer, in seconds.

    Raises SourceUnavailable, ConfigurationError (an address without TLS that is not on this machine, or that is wrong),
    IncompleteResponse (not the expected file) and ShortReplacement (most of a year's rates gone).
    """
    response, calls = _download(connection, session, _known_etag(landing, first_year), (pause, sleep), deadline)
    if response.status_code == requests.codes.not_modified:
        return RatesSummary(0, 0, _last_date(landing), False, True, calls)
    rows = parse_history(response.content, first_year)
    years = pc.year(rows["rate_date"])
    metadata = {"etag": response.headers.get("ETag"), "fetched_at": clock().isoformat(), "first_year": first_year}
    changed = False
    found = sorted(pc.unique(years).to_pylist())
    for year in found:
        window = SeriesWindow(date(year, 1, 1), date(year + 1, 1, 1), "final", metadata)
        part: pa.Table = rows.filter(pc.equal(years, year))
        changed |= landing.replace_windows(RATES, SCOPE, str(year), part, [window]).changed
    return RatesSummary(len(rows), len(found), _last_date(landing), changed, False, calls)


def check(connection: ECBConnection, session: requests.Session | None = None) -> None:
    """Prove that the file can be fetched."""
    _download(connection, session, None, (1.0, time.sleep))


def _download(
    connection: ECBConnection,
    session: requests.Session | None,
    etag: str | None,
    waiting: tuple[float, Callable[[float], None]],
    deadline: float = DEADLINE_SECONDS,
) -> tuple[requests.Response, int]:
    """The answer (200 or 304) and the number of calls it took."""
    if urlsplit(connection.url).scheme != "https":
        require_loopback(connection.url, SOURCE)
    headers = {"If-None-Match": etag} if etag else {}
    pause, sleep = waiting
    fault = SourceUnavailable("The European Central Bank did not answer", source=SOURCE)
    with session or requests.Session() as http:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = http.get(connection.url, headers=headers, timeout=TIMEOUT, stream=True)
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


def _known_etag(landing: Landing, first_year: int) -> str | None:
    """The landed file's ETag, unless earlier years are asked for than were landed with it."""
    windows = landing.windows(SOURCE, RATES.stream, SCOPE)
    if not windows:
        return None
    metadata = json.loads(windows[-1].metadata)
    return metadata.get("etag") if metadata.get("first_year", first_year) <= first_year else None


def _last_date(landing: Landing) -> date | None:
    files = landing.files(SOURCE, RATES.stream, SCOPE)
    if not files:
        return None
    newest: date | None = pc.max(landing.read(RATES, SCOPE)["rate_date"]).as_py()
    return newest
