"""Sessions by business line, and the visits of people we know."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.restatement import visible_sessions, visible_visits
from sandbox.company.store import Company
from sandbox.company.truth.places import UNMAPPED, Place
from sandbox.company.truth.tags import meant

_PATHS = {
    "sensors": {"sensors", "sensoren", "capteurs", "sensorer", "czujniki", "sensores"},
    "automation": {
        "automation", "automatisering", "automatisierung", "automatisation", "automatyka", "automacao",
    },
    "services": {"services", "diensten", "dienstleistungen", "tjanster", "uslugi", "servicos"},
}  # fmt: skip


class Sessions(NamedTuple):
    """Sessions of one market, business line and local day."""

    locale: str
    business_line: str
    date: date
    sessions: int


class Visit(NamedTuple):
    """One identified visit: when (epoch seconds), what brought the visitor, and to which page."""

    at: int
    channel: str
    campaign: str
    page: str


def web_business_line(host: str, page: str) -> str:
    """The business line a landing page belongs to: by its host, else by the first segment of its path."""
    if host == "sensors.noordlicht.example":
        return "sensors"
    segment = page.partition("?")[0].removeprefix("/").split("/")[0] if page.startswith("/") else ""
    return next((line for line, names in _PATHS.items() if segment in names), UNMAPPED)


def sessions(company: Company, now: datetime, claimed: dict[str, Place]) -> list[Sessions]:
    """Sessions of every claimed market on every day its marts count, as GA4 shows them at `now`."""
    found: list[Sessions] = []
    for code, place in claimed.items():
        table = visible_sessions(company.ga4_sessions(place.locale.property_id), place.locale.time_zone, now)
        counts: Counter[tuple[str, date]] = Counter()
        keys = (table[name].to_pylist() for name in ("hostName", "landingPage", "date", "sessions"))
        lines: dict[tuple[str, str], str] = {}
        for host, page, day, count in zip(*keys, strict=True):
            if place.counts(day):
                if (host, page) not in lines:
                    lines[host, page] = web_business_line(host, page)
                counts[lines[host, page], day] += count
        found += [Sessions(code, line, day, count) for (line, day), count in sorted(counts.items())]
    return found


def channel(google: str, source: str) -> str:
    """The channel of a session: Google's, but what Google leaves unassigned keeps the reason why it is not known."""
    if google != "Unassigned":
        return google
    if source == "informativo":  # Brazil's newsletters, by another name
        return "Email"
    return source if source.startswith("(") else UNMAPPED


def _rows(table: pa.Table) -> Iterator[tuple[date, str, str, str, str, str]]:
    names = (
        "date",
        "dateHourMinute",
        "client_id",
        "sessionDefaultChannelGroup",
        "sessionSource",
        "sessionCampaignName",
        "landingPage",
    )
    rows = zip(*(table[name].to_pylist() for name in names), strict=True)
    return (
        (day, minute, client, channel(google, source), meant(name), page.partition("?")[0])
        for day, minute, client, google, source, name, page in rows
    )


def instant(minute: str, zone: ZoneInfo) -> int:
    """The instant of a local minute (YYYYMMDDHHMM), in epoch seconds."""
    parts = (int(minute[start:end]) for start, end in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12)))
    year, month, day, hour, minute_of_hour = parts
    return int(datetime(year, month, day, hour, minute_of_hour, tzinfo=zone).timestamp())


def visits(company: Company, now: datetime, claimed: dict[str, Place], clients: set[str]) -> dict[str, list[Visit]]:
    """The visits of these client ids on days the marts count, as GA4 shows them at `now`, by client id."""
    found: dict[str, list[Visit]] = defaultdict(list)
    wanted = pa.array(sorted(clients), pa.string())
    for place in claimed.values():
        table = visible_visits(company.ga4_visits(place.locale.property_id), place.locale.time_zone, now)
        known = table.filter(pc.is_in(table["client_id"], value_set=wanted))
        for day, minute, client, by, campaign, page in _rows(known):
            if place.counts(day):
                found[client].append(Visit(instant(minute, place.zone), by, campaign, page))
    return found


def strangers(
    company: Company, now: datetime, claimed: dict[str, Place], known: set[str]
) -> dict[tuple[str, str], list[Visit]]:
    """The visits of all other client ids, by market and client id."""
    found: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    nobody = pa.array(sorted(known), pa.string())
    for code, place in claimed.items():
        table = visible_visits(company.ga4_visits(place.locale.property_id), place.locale.time_zone, now)
        others = table.filter(pc.invert(pc.is_in(table["client_id"], value_set=nobody)))
        for day, minute, client, by, campaign, page in _rows(others):
            if place.counts(day):
                found[code, client].append(Visit(instant(minute, place.zone), by, campaign, page))
    return found
