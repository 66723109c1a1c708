"""What goes wrong in a company that is asked for with incidents: when, where, how badly. Who plans them knows them.

Each has random streams of its own, and a company without incidents is what it was. What an incident does to the CRM is
in `mishaps`, what it does to the web's reports in `blackouts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import numpy as np

from sandbox.company.demand import Demand
from sandbox.company.instants import day_date, day_number
from sandbox.company.locales import LAST_DAY, LOCALES, Locale

KINDS = {
    "tracking_breaks": (0.5, 1.0),
    "form_dies": (1.0, 1.0),
    "bots_come": (1.0, 3.0),
    "spend_jumps": (0.8, 2.0),
    "spend_stops": (1.0, 1.0),
    "campaign_is_uncoded": (0.3, 0.7),
    "campaign_buys_bad_leads": (6.0, 12.0),
    "sales_stops_following_up": (1.0, 1.0),
    "consent_is_lost": (0.9, 1.0),
}
"""What can happen, and how strongly: the share of something that is lost, or how much more of it there is; of bad leads
how many a day. (Least, most.)"""

LARGE = frozenset({"nl", "de", "uk", "us"})
"""Markets with some five hand-overs a day. Where there are two, two silent days are nothing out of the ordinary."""

_QUIET_DAYS = 100
_APART_DAYS = (24, 40)
_LASTS_DAYS = (5, 14)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that goes wrong in a market from one day to another, both included."""

    kind: str
    locale: str
    first: date
    last: date
    strength: float

    @property
    def campaign(self) -> str:
        """The campaign behind it, where there is one."""
        if self.kind == "campaign_is_uncoded":
            return f"Actie {self.first:%B %Y}"
        quarter = f"{self.first.year}Q{(self.first.month + 2) // 3}"
        return f"{self.locale.upper()}-{quarter}-SOC-9{self.first.day % 10}"

    def hits(self, day: int) -> bool:
        """Whether a day (since 1970) is one of its days."""
        return day_number(self.first) <= day <= day_number(self.last)


def plan(seed: int, kinds: Sequence[str] = tuple(KINDS)) -> tuple[Incident, ...]:
    """Incidents in every market, one after the other with weeks between them, from a quarter after its go-live on."""
    planned = []
    for locale in LOCALES:
        rng = Random(f"{seed}/{locale.code}/incidents")  # noqa: S311 (a simulation, not a secret)
        possible = [kind for kind in kinds if kind != "sales_stops_following_up" or locale.code in LARGE]
        day = day_number(locale.go_live) + _QUIET_DAYS + rng.randrange(20)
        while day < day_number(LAST_DAY) - 30:
            kind, lasts = rng.choice(possible), rng.randint(*_LASTS_DAYS)
            strength = rng.uniform(*KINDS[kind])
            planned.append(Incident(kind, locale.code, day_date(day), day_date(day + lasts - 1), strength))
            day += lasts + rng.randint(*_APART_DAYS)
    return tuple(planned)


def of(incidents: Sequence[Incident], locale: Locale, *kinds: str) -> list[Incident]:
    """Those of a market of these kinds."""
    return [one for one in incidents if one.locale == locale.code and one.kind in kinds]


def fewer_leads(demand: dict[str, Demand], incidents: Sequence[Incident]) -> dict[str, Demand]:
    """The demand without the leads that no form took."""
    changed = dict(demand)
    for one in incidents:
        if one.kind == "form_dies":
            before = changed[one.locale]
            is_hit = (before.days >= day_number(one.first)) & (before.days <= day_number(one.last))
            changed[one.locale] = replace(before, leads=np.where(is_hit, 0, before.leads))
    return changed
