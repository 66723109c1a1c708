"""From events to stage entries: which trip through the funnel each belongs to, and what must have come before."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sandbox.company.truth.events import Event
from sandbox.company.truth.places import STAGES

_ADVANCES = frozenset({"mql", "sql", "sale"})
_CLOSERS = frozenset({"recycled", "sale"})


class Entry(NamedTuple):
    """A prospect's entry into a stage in one cycle. Instants are epoch seconds; `locale` None is nobody's market."""

    prospect: str
    cycle: int
    stage: str
    entered_at: int
    entered_date: date
    locale: str | None
    business_line: str
    is_imputed: bool
    history_incomplete: bool
    exited_at: int | None
    exit_reason: str | None
    opportunity_id: str | None
    history_source: str


def cycles(events: Iterable[Event]) -> dict[int, list[Event]]:
    """Events by cycle. A recycling or a sale ends a cycle only if the prospect then comes back at mql or later."""
    ordered = list(events)
    trips: dict[int, list[Event]] = defaultdict(list)
    cycle = 1
    for place, event in enumerate(ordered):
        trips[cycle].append(event)
        if event.kind in _CLOSERS:
            following = (one.kind for one in ordered[place + 1 :] if one.kind in _ADVANCES | _CLOSERS)
            if next(following, "nothing") in _ADVANCES:
                cycle += 1
    return trips


def _exit(trip: list[Event]) -> int | None:
    """When the trip ended in a disqualification that nothing came after."""
    turned_away = [place for place, event in enumerate(trip) if event.kind == "disqualified"]
    if not turned_away:
        return None
    last = turned_away[-1]
    return None if any(event.kind in _ADVANCES for event in trip[last + 1 :]) else trip[last].at


def entries(prospect: str, events: Iterable[Event], history_incomplete: bool) -> list[Entry]:
    """The stage entries of one prospect: first of each stage a cycle, earlier stages never missing nor later."""
    found: list[Entry] = []
    for cycle, trip in cycles(events).items():
        reached: dict[str, Event] = {}
        for event in trip:
            if event.kind in STAGES:
                reached.setdefault(event.kind, event)
        exited_at = _exit(trip)
        reason = None if exited_at is None else "disqualified"
        above: Event | None = None
        for stage in reversed(STAGES):
            event_here = reached.get(stage)
            if event_here is None and above is None:
                continue
            is_imputed = event_here is None or (above is not None and event_here.at > above.at)
            chosen = above if is_imputed else event_here
            assert chosen is not None
            deal_id = chosen.deal_id if stage in {"sql", "sale"} else None
            found.append(
                Entry(
                    prospect, cycle, stage, chosen.at, chosen.day, chosen.locale, chosen.line, is_imputed,
                    history_incomplete, exited_at, reason, deal_id, chosen.source,
                )
            )  # fmt: skip
            above = chosen
    return found
