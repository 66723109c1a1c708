"""Marketing hands leads over to sales: what sales did with them, and how soon."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from sandbox.company.instants import utc_seconds
from sandbox.company.locales import ORGS
from sandbox.company.truth.cycles import Entry, cycles
from sandbox.company.truth.events import events
from sandbox.company.truth.identity import Prospect
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import local_midnight
from sandbox.company.truth.spread import quantile

AGREED = {"jp": (8, 7)}
"""Hours to answer in, and days after which a lead is forgotten, where they are not 24 and 14."""


class Handover(NamedTuple):
    """A lead that was handed over: when, to which team, and what it had come to by the last day that counts."""

    entry: Entry
    team: str
    hours: float | None
    is_accepted: bool
    is_rejected: bool
    is_old: bool
    answered_at: int | None
    """When anything was done about it: sales was in touch, accepted it, or sent it back."""


class HandoverMonth(NamedTuple):
    """The hand-overs of a market, business line, team and month, or of all of them."""

    locale: str
    business_line: str
    owner_team: str
    month: date
    handed_over: int
    followed_up: int
    followed_up_in_time: int
    accepted: int
    rejected: int
    never_followed_up: int
    waiting: int
    median_hours: float | None
    p90_hours: float | None


def _teams(observation: Observation) -> dict[str, str | None]:
    tables = [observation.company.crm_versions(org, "User") for org in ORGS]
    return {
        owner: team
        for table in tables
        for owner, team in zip(table["Id"].to_pylist(), table["Department"].to_pylist(), strict=True)
    }


def _done(observation: Observation) -> dict[str, list[int]]:
    """Prospect -> when sales did something with them, or will meet them."""
    whose: dict[str, str] = {}
    for one in observation.prospects:
        whose |= {lead.id: one.key for lead in one.leads}
        whose |= {contact.id: one.key for contact in one.contacts}
        whose |= {deal.id: one.key for deal in one.deals}
    now, found = utc_seconds(observation.now), defaultdict(list)
    for activity in observation.company.world.activities:
        fields = activity.as_of(now)
        if fields is None or fields["deleted"]:
            continue
        prospect = whose.get(fields["who"] or fields["what"])
        at = fields["due_at"] if activity.subtype == "Event" else fields["done_at"]
        if prospect is not None and at is not None:
            found[prospect].append(at)
    return found


def _of(
    prospect: Prospect, observation: Observation, trips: dict[int, dict[str, Entry]]
) -> Iterator[tuple[Entry, str, int | None]]:
    """(MQL, owner, when it was first sent back) of each trip in which somebody qualified them."""
    leads = {lead.id: lead for lead in prospect.leads}
    for cycle, trip in cycles(events(prospect, observation.claimed)).items():
        entry = trips.get(cycle, {}).get("mql")
        if entry is not None and not entry.is_imputed:
            qualified = next(event.record_id for event in trip if event.kind == "mql")
            back = [event.at for event in trip if event.kind == "recycled"]
            back += [] if entry.exited_at is None else [entry.exited_at]
            yield entry, leads[qualified].now["owner"], min(back, default=None)


def handovers(observation: Observation) -> list[Handover]:
    """Every hand-over the marts count."""
    trips: dict[str, dict[int, dict[str, Entry]]] = defaultdict(lambda: defaultdict(dict))
    for entry in observation.entries:
        trips[entry.prospect][entry.cycle][entry.stage] = entry
    done, teams, found = _done(observation), _teams(observation), []
    for prospect in observation.prospects:
        handed = sorted(_of(prospect, observation, trips[prospect.key]), key=lambda one: one[0].entered_at)
        for place, (entry, owner, back) in enumerate(handed):
            market = observation.claimed.get(entry.locale or "")
            if market is None or not market.counts(entry.entered_date):
                continue
            over = local_midnight(market.last + timedelta(days=1), market.zone)
            until = min(over, handed[place + 1][0].entered_at) if place + 1 < len(handed) else over
            moments = [at for at in done[prospect.key] if entry.entered_at <= at < until]
            accepted = trips[prospect.key][entry.cycle].get("sql")
            is_accepted = accepted is not None and accepted.entered_at < over
            found.append(
                Handover(
                    entry,
                    teams.get(owner) or "unknown",
                    (min(moments) - entry.entered_at) / 3_600 if moments else None,
                    is_accepted,
                    not is_accepted and back is not None and back < over,
                    entry.entered_at + AGREED.get(market.locale.code, (24, 14))[1] * 86_400 < over,
                    min(
                        (at for at in (*moments, accepted and accepted.entered_at, back) if at is not None),
                        default=None,
                    ),
                )
            )
    return found


def handover_months(observation: Observation) -> list[HandoverMonth]:
    """Hand-overs by market, business line, team and month, each of the first three also taken together."""
    groups: dict[tuple[str, str, str, date], list[Handover]] = defaultdict(list)
    for one in handovers(observation):
        assert one.entry.locale is not None
        levels = product((one.entry.locale, "total"), (one.entry.business_line, "all"), (one.team, "all"))
        for locale, line, team in levels:
            groups[locale, line, team, one.entry.entered_date.replace(day=1)].append(one)
    return [_month(key, members) for key, members in sorted(groups.items())]


def _month(key: tuple[str, str, str, date], members: list[Handover]) -> HandoverMonth:
    hours = [one.hours for one in members if one.hours is not None]
    silent = [one for one in members if one.hours is None and not one.is_accepted and not one.is_rejected]
    in_time = sum(
        one.hours is not None and one.hours <= AGREED.get(one.entry.locale or "", (24, 14))[0] for one in members
    )
    return HandoverMonth(
        *key,
        len(members),
        len(hours),
        in_time,
        sum(one.is_accepted for one in members),
        sum(one.is_rejected for one in members),
        sum(one.is_old for one in silent),
        sum(not one.is_old for one in silent),
        quantile(hours, 0.5),
        quantile(hours, 0.9),
    )
