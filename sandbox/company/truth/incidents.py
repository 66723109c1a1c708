"""What an incident must show as: in which figure, in which direction, and from which day on."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sandbox.company.incidents import Incident
from sandbox.company.truth.watched import Figures, Key

_SHOWS_AS = {
    "tracking_breaks": (("kpi_deviation", "sessions", "below"), ("kpi_deviation", "key_events", "below")),
    "form_dies": (("kpi_deviation", "key_events", "below"), ("kpi_deviation", "first_identifiers", "below")),
    "bots_come": (("kpi_deviation", "sessions", "above"),),
    "spend_jumps": (("kpi_deviation", "traffic_spend", "above"),),
    "spend_stops": (("kpi_deviation", "traffic_spend", "below"), ("kpi_deviation", "clicks", "below")),
    "campaign_is_uncoded": (("uncoded_spend", "campaign_coding_compliance", "above"),),
    "campaign_buys_bad_leads": (("lead_quality", "mqls", "above"),),
    "sales_stops_following_up": (
        ("missing_follow_up", "lead_response_hours", "below"),
        ("late_follow_up", "lead_response_hours", "above"),
    ),
    "consent_is_lost": (("tracking_coverage", "tracking_coverage", "below"),),
}


class Effect(NamedTuple):
    """An incident, the first day on which anything was different, and the signals (any of them) that tell of it."""

    incident: Incident
    since: date
    shows_as: frozenset[tuple[str, str, str]]

    def is_told_by(self, key: Key, direction: str, since: date) -> bool:
        """Whether a signal with this key, direction and beginning tells of this incident."""
        kind, locale, kpi, subject = key
        is_there = locale == self.incident.locale and (kind, kpi, direction) in self.shows_as
        is_its_campaign = kind != "lead_quality" or subject == self.incident.campaign
        is_then = self.since - timedelta(days=2) <= since <= self.incident.last + timedelta(days=7)
        return is_there and is_its_campaign and is_then


def effects(incidents: tuple[Incident, ...], figures: Figures) -> Iterator[Effect]:
    """The incidents of claimed markets, with their first day of effect in the figures that they left."""
    claimed = {key[1] for key in figures}
    for one in incidents:
        if one.locale in claimed:
            yield Effect(one, _first_effect(one, figures), frozenset(_SHOWS_AS[one.kind]))


def _first_effect(incident: Incident, figures: Figures) -> date:
    """A lead must have come in to have no client id, and have been turned away to be a bad one."""
    days: list[date] = []
    if incident.kind == "consent_is_lost":
        there = figures.get(("tracking_coverage", incident.locale, "tracking_coverage", ""), {})
        days = [day for day, (tracked, leads) in there.items() if tracked < leads]
    elif incident.kind == "campaign_buys_bad_leads":
        there = figures.get(("lead_quality", incident.locale, "mqls", incident.campaign), {})
        days = [day for day, (turned_away, _) in there.items() if turned_away]
    return min((day for day in days if day >= incident.first), default=incident.first)
