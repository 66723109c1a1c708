"""What counts as unusual, by kind of figure."""

from typing import NamedTuple


class Rule(NamedTuple):
    """When a kind of figure is unusual.

    `score` is in standard deviations: 2.5 is what chance does once in 160 days, 3.1 once in 1,000. `difference` is how
    far off the expectation it must be, as a share of it: what is smaller is nothing to act on.
    """

    directions: tuple[int, ...]
    score: float
    difference: float
    events: float = 0.0
    """The least number of events, for figures of which one more is bad."""
    has_season: bool = False
    """A count or an amount, which has weekdays, seasons and other countries to be compared with."""
    is_share: bool = False
    """At most the base: binomial."""
    limit: float | None = None
    """A share of the base that is allowed, whatever it was before."""


RULES = {
    "kpi_deviation": Rule((-1, 1), 3.1, 0.3, has_season=True),
    "missing_follow_up": Rule((-1,), 2.5, 0.5, has_season=True),
    "late_follow_up": Rule((1,), 2.7, 0.2, events=3, is_share=True),
    "tracking_coverage": Rule((-1,), 2.5, 0.2, is_share=True),
    "lead_quality": Rule((1,), 2.7, 0.5, events=4),
    "uncoded_spend": Rule((1,), 0.0, 0.0, is_share=True, limit=0.1),
}

WEB_KPIS = frozenset({"sessions", "key_events", "clicks", "traffic_spend"})
"""What Google goes on counting for some days."""

POOLED = "lead_quality"
"""Compared with everybody else's in the country, since a campaign is mostly too young for a past of its own."""

CAMPAIGNS_A_COUNTRY = 40
"""So many are looked at one by one: those with the most leads turned away in a week."""
OTHERS = "(other)"
"""What the rest of them are together: part of what is usual, and never unusual itself."""
