"""The sandbox's own GA4 in this process, with faults to switch on, a clock that sleeping moves, and what is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from benchmarks.chaos_reports import compared_reports
from connectors.ga4.client import GA4Client
from connectors.ga4.refresh import LocaleSummary, refresh_locale
from connectors.ga4.streams import SESSIONS, GA4Stream
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.specs import STANDARD_QUOTA, GA4Connection, GA4Quota, LocaleSpec
from connectors.windows import days_between
from sandbox.faults import Action, Fault, Match
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.network import Network
from tests.sandbox.vendor_miniature import PROPERTY, TODAY, MiniatureCompany

NL = LocaleSpec("nl", "Europe/Amsterdam", "EUR", PROPERTY, "global", ("NL",))
US = LocaleSpec("us", "America/Los_Angeles", "USD", "310000011", "americas", ("US",))
PEOPLE = Pseudonymiser(b"0123456789abcdef")
FIRST, LAST_FINAL = date(2026, 6, 1), date(2026, 6, 27)
DAYS = days_between(FIRST, LAST_FINAL)
NAMES = [column.name for column in SESSIONS.columns]

Rows = Counter[tuple[Any, ...]]


class World:
    """Vendors of the miniature company, and a landing fed by our client."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.company = MiniatureCompany()
        self.network = Network(Cast(folder / "sandbox", self.company, TODAY, settings))
        self.landing = Landing(folder / "landing", self.now)
        self.slept: list[float] = []
        self.transport: Literal["grpc", "rest"] = "grpc"

    def now(self) -> datetime:
        return self.network.clock.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds:
            self.network.clock.advance(seconds=seconds)

    def go_to(self, instant: datetime) -> None:
        """Let time pass."""
        self.network.clock.advance(seconds=(instant - self.now()).total_seconds())

    def fault(self, action: Action, **match: Any) -> None:
        """Switch on a fault of Google Analytics."""
        self.network.faults.add(Fault("google_analytics", Match(**match), action))

    def connection(self, quota: GA4Quota = STANDARD_QUOTA) -> GA4Connection:
        """How to reach the account."""
        contract = self.network.contract
        credentials = contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"]
        endpoint = contract["endpoints"]["google_analytics" + ("_rest" if self.transport == "rest" else "")]
        return GA4Connection(credentials, endpoint, quota, transport=self.transport)

    @contextmanager
    def client(self, quota: GA4Quota = STANDARD_QUOTA, timeout: float = 10.0) -> Iterator[GA4Client]:
        with GA4Client(self.connection(quota), self.now, timeout=timeout, sleep=self.sleep) as client:
            yield client

    def refresh(
        self,
        locale: LocaleSpec = NL,
        days: tuple[date, ...] = DAYS,
        *,
        quota: GA4Quota = STANDARD_QUOTA,
        timeout: float = 10.0,
        **options: Any,
    ) -> LocaleSummary:
        with self.client(quota, timeout) as client:
            return refresh_locale(client, self.landing, locale, days, clock=self.now, pseudonymiser=PEOPLE, **options)

    def landed(self, locale: LocaleSpec = NL) -> Rows:
        """The rows of sessions that are landed."""
        rows = self.landing.read(SESSIONS.dataset, locale.code).to_pylist()
        return Counter(tuple(row[name] for name in NAMES) for row in rows)

    def truth(self, days: tuple[date, ...] = DAYS) -> Rows:
        """The rows of sessions that there are, once final."""
        rows = self.company.ga4_sessions(PROPERTY).to_pylist()
        names = [column.api_name for column in SESSIONS.columns]
        return Counter(tuple(row[name] for name in names) for row in rows if row["date"] in days)

    def wrong_reports(self, locale: LocaleSpec = NL, days: tuple[date, ...] = DAYS) -> list[str]:
        """The reports other than sessions and touchpoints that are not landed as they are, once final."""
        span = (days[0], days[-1])
        reports = compared_reports(self.landing, self.company, locale, span)
        return [name for name, expected, landed in reports if landed != expected]

    def landed_days(self, stream: GA4Stream = SESSIONS, locale: LocaleSpec = NL) -> set[date]:
        """Days that have a window."""
        return {w.day for w in self.landing.windows("ga4", stream.name, locale.code) if w.day}

    def meter(self, locale: LocaleSpec = NL) -> dict[str, int]:
        """What the property was asked to do."""
        return self.network.meters()[f"google_analytics/{locale.ga4_property}"]


def morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)
