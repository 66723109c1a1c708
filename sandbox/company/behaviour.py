"""What visitors did: events by channel, and views, time and key events by page. Both add up to the sessions report."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sandbox.company.traffic import dictionary_column

# Events that the company counts as key events, with their share of them.
KEY_EVENTS = {"generate_lead": 0.46, "file_download": 0.33, "contact_click": 0.21}
_SECTION_PAGES = ("/specifications", "/references")
_COMMON_PAGES = (("/contact", 0.9), ("/about", 0.6), ("/search", 0.5), ("/downloads", 0.8), ("/privacy", 0.1))
_KEY_EVENT_PAGES = ("/contact", "/downloads")
_NOWHERE = {"hostName": "(not set)", "landingPage": "(not set)", "sessions": 1}


def by_day(sessions: pa.Table, keys: tuple[str, ...], metrics: tuple[str, ...]) -> pa.Table:
    """A sessions table summed by these dimensions (as strings), sorted by them."""
    table = pa.table({name: _plain(sessions[name]) for name in (*keys, *metrics)})
    summed = table.group_by(list(keys), use_threads=False).aggregate([(name, "sum") for name in metrics])
    return summed.rename_columns([name.removesuffix("_sum") for name in summed.column_names]).sort_by(
        [(name, "ascending") for name in keys]
    )


def key_events_table(sessions: pa.Table, rng: np.random.Generator) -> pa.Table:
    """The final events of a property by day and channel, sorted by date.

    Columns: date, eventName, isKeyEvent ("true", "false"), sessionDefaultChannelGroup, eventCount, keyEvents (int64).
    A key event is counted once a session, the event as often as it happens.
    """
    sums = by_day(sessions, ("date", "sessionDefaultChannelGroup"), ("sessions", "screenPageViews", "keyEvents"))
    split = rng.multinomial(sums["keyEvents"].to_numpy(), list(KEY_EVENTS.values()))
    parts = [_events(sums, "session_start", sums["sessions"].to_numpy(), None)]
    parts.append(_events(sums, "page_view", sums["screenPageViews"].to_numpy(), None))
    for place, name in enumerate(KEY_EVENTS):
        keys = split[:, place]
        parts.append(_events(sums, name, keys + rng.poisson(keys * 0.15), keys))
    table = pa.concat_tables(parts)
    return table.filter(pc.greater(table["eventCount"], 0)).sort_by("date")


def content_table(sessions: pa.Table, rng: np.random.Generator) -> pa.Table:
    """The final pages of a property by day, sorted by date.

    Columns: date, hostName, pagePath, screenPageViews, userEngagementDuration (seconds), keyEvents (int64).
    """
    sums = by_day(sessions, ("date",), ("screenPageViews", "userEngagementDuration", "keyEvents"))
    pages, weights = _pages(sessions)
    views = rng.multinomial(sums["screenPageViews"].to_numpy(), weights)
    shares = views * rng.lognormal(0.0, 0.4, len(pages))
    seconds = rng.multinomial(sums["userEngagementDuration"].to_numpy(), _normal(shares))
    converting = np.array([1.0 if path in _KEY_EVENT_PAGES else 0.02 for _, path in pages])
    keys = rng.multinomial(sums["keyEvents"].to_numpy(), _normal(views * converting))
    day, page = np.nonzero(views)
    return pa.table(
        {
            "date": sums["date"].combine_chunks().take(pa.array(day)),
            "hostName": dictionary_column(page, [host for host, _ in pages]),
            "pagePath": dictionary_column(page, [path for _, path in pages]),
            "screenPageViews": pa.array(views[day, page], pa.int64()),
            "userEngagementDuration": pa.array(seconds[day, page], pa.int64()),
            "keyEvents": pa.array(keys[day, page], pa.int64()),
        }
    )


def _pages(sessions: pa.Table) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Pages (host, path) and their shares of all views: where visits begin, pages below these, and common ones."""
    entrances = by_day(sessions, ("hostName", "landingPage"), ("sessions",)).to_pylist() or [_NOWHERE]
    weights: dict[tuple[str, str], float] = {}
    total = sum(row["sessions"] for row in entrances) or 1
    for row in entrances:
        host, path, share = row["hostName"], row["landingPage"], row["sessions"] / total
        weights[host, path] = share
        if path.count("/") == 1 and len(path) > 1:
            weights |= {(host, path + below): share * 0.4 for below in _SECTION_PAGES}
        weights |= {(host, common): share * 0.3 for common, share in _COMMON_PAGES if (host, common) not in weights}
    return list(weights), _normal(np.array(list(weights.values())))


def _events(sums: pa.Table, name: str, count: NDArray[np.int64], keys: NDArray[np.int64] | None) -> pa.Table:
    rows = len(sums)
    return pa.table(
        {
            "date": sums["date"],
            "eventName": pa.repeat(pa.scalar(name), rows),
            "isKeyEvent": pa.repeat(pa.scalar("false" if keys is None else "true"), rows),
            "sessionDefaultChannelGroup": sums["sessionDefaultChannelGroup"],
            "eventCount": pa.array(count, pa.int64()),
            "keyEvents": pa.array(np.zeros(rows, np.int64) if keys is None else keys, pa.int64()),
        }
    )


def _normal(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of one along the last axis."""
    sums = weights.sum(axis=-1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(weights, np.where(sums > 0, sums, 1.0))
    return shares


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(column, pa.string()) if pa.types.is_dictionary(column.type) else column
