"""Whether a report's rows add up to what the property says without them: other fields in a report can change both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow.compute as pc

from connectors.ga4.client import GA4Client
from connectors.ga4.extract import extract_days
from connectors.ga4.streams import SESSIONS, SOURCE, Column, GA4Stream
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.specs import Clock, LocaleSpec

TOTAL = GA4Stream("sessions_total", SESSIONS.dimensions[:1], (Column("sessions", "sessions", "integer"),))
"""The one number, asked for alone. Not landed."""

TOLERANCE = 0.02
"""Estimates of large properties differ by about this much from one report to the next."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Sessions of a day: as the property says them alone, and as the landed rows add up."""

    day: date
    total: int
    landed: int

    @property
    def agrees(self) -> bool:
        """Whether the two are the same, but for what estimates differ by."""
        return abs(self.total - self.landed) <= TOLERANCE * max(self.total, self.landed)


def reconcile(
    client: GA4Client,
    landing: Landing,
    locale: LocaleSpec,
    days: Iterable[date],
    *,
    clock: Clock,
    pseudonymiser: Pseudonymiser,
) -> Reconciled | None:
    """Compare the newest of ``days`` that is landed for good (GA-21); None when there is none. One small request."""
    final = {w.day for w in landing.windows(SOURCE, SESSIONS.name, locale.code) if w.state == "final"}
    comparable = sorted(day for day in days if day in final)
    if not comparable:
        return None
    day = comparable[-1]
    total = extract_days(client, TOTAL, locale, [day], clock=clock, pseudonymiser=pseudonymiser).table
    rows = landing.read(SESSIONS.dataset, locale.code, columns=["date", "sessions"])
    landed = rows.filter(pc.equal(rows["date"], day))["sessions"]
    return Reconciled(day, pc.sum(total["sessions"]).as_py() or 0, pc.sum(landed).as_py() or 0)
