"""Local days of the markets, and the fixed rules of the funnel, written down a second time on purpose.

Nothing here is read from the configuration: what the pipeline is told there has to come to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.company.locales import LOCALES, Locale

STAGES = ("first_identifier", "second_identifier", "mql", "sql", "sale")
UNMAPPED = "unmapped"
# What a simulated status or stage counts as; `working` is another word for open.
LEAD_STAGES = {
    "open": "open",
    "working": "open",
    "mql": "mql",
    "recycled": "recycled",
    "disqualified": "disqualified",
    "converted": "converted",
}
DEAL_STAGES = {
    "open": "open",
    "qualification": "sql",
    "proposal": "sql",
    "negotiation": "sql",
    "won": "sale",
    "lost": "lost",
}
DATED_QUALIFICATION = frozenset({"se"})
"""Markets whose leads say in a field of their own when they qualified."""
BUSINESS_LINES = frozenset({"automation", "sensors", "services"})
_IDENTIFYING = frozenset({"Webinar", "Event", "Demo"})


def identifying_types(locale: str) -> frozenset[str]:
    """The campaign types whose response is a second identifier there: Japan adds seminars, the US drops events."""
    if locale == "jp":
        return _IDENTIFYING | {"Seminar"}
    return _IDENTIFYING - {"Event"} if locale == "us" else _IDENTIFYING


def business_line(value: str | None) -> str:
    """A CRM record's business line: one of head office's three, else unmapped."""
    return value if value in BUSINESS_LINES else UNMAPPED


def configured() -> tuple[Locale, ...]:
    """The markets that have a configuration."""
    return tuple(one for one in LOCALES if one.is_configured)


@dataclass(slots=True)
class Place:
    """A claimed market as seen at one instant: its zone and the days its marts count."""

    locale: Locale
    zone: ZoneInfo
    first: date
    last: date

    def counts(self, day: date) -> bool:
        """Whether a day is one the marts count: from go-live to the last day that has ended."""
        return self.first <= day <= self.last


def local_day(at: int, zone: ZoneInfo) -> date:
    """The local date of an instant (epoch seconds)."""
    return datetime.fromtimestamp(at, zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> int:
    """The instant at which a local date starts, in epoch seconds."""
    return int(datetime.combine(day, time(), zone).timestamp())


def places(markets: Sequence[Locale], now: datetime) -> dict[str, Place]:
    """Claimed markets by code, with the last local day that has fully ended at `now`."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    found = {}
    for market in markets:
        zone = ZoneInfo(market.time_zone)
        yesterday = now.astimezone(zone).date() - timedelta(days=1)
        found[market.code] = Place(market, zone, market.go_live, yesterday)
    return found


UTC_ZONE = ZoneInfo("UTC")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()


def day_of_number(number: int) -> date:
    """A simulated day number as a date."""
    return EPOCH + timedelta(days=number)
