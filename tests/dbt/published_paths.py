"""Paths that others have published, and random ones, as facts of the warehouse: a market for each example."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np

ENTERED = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODELS = (
    "int_cycles_anchored", "int_stage_entries_touched", "int_touch_weights", "fct_touch_credits",
    "int_paths_unconverted", "int_paths_of_strangers", "int_channel_transitions",
    "int_channel_effects", "int_channel_sets", "int_channel_shares", "fct_attribution",
)  # fmt: skip

Touches = Sequence[tuple[float, str]]
"""(Days before the end of the path, channel), oldest first."""


@dataclass(frozen=True)
class Walk:
    """One path, and how often it was walked: to a stage, or to nothing."""

    touches: Touches
    times: int = 1
    stage: str | None = "mql"
    lead_days: float | None = None
    deal_days: float | None = None


def in_order(*channels: str) -> Touches:
    """Touches an hour apart, the last one an hour before the end."""
    return [((len(channels) - place) / 24, channel) for place, channel in enumerate(channels)]


RANDOM = np.random.default_rng(7)
RANDOM_PATHS = [
    ([str(channel) for channel in RANDOM.choice(list("ABCDEFGH"), RANDOM.integers(1, 9))], bool(RANDOM.random() < 0.4))
    for _ in range(300)
]

EXAMPLES: dict[str, list[Walk]] = {
    # C. Haines, marketingskills, references/attribution-models.md: one buyer's five touches over 38 days.
    "journey": [
        Walk(
            [(38, "Paid Social"), (33, "Organic"), (26, "Paid Social"), (8, "Paid Search"), (0, "Direct")], lead_days=8
        )
    ],
    # Salesforce Help, "Supported Multi-Touch Attribution Models": four touches.
    "four": [Walk(in_order("Email", "Meta Ads", "LinkedIn Ads", "Google Ads"))],
    # leadsources.io, "W-Shaped Attribution": a first touch, a lead three weeks later, a deal at the end, four between.
    "w": [
        Walk(
            [
                (60, "LinkedIn Ad"),
                (39, "Whitepaper"),
                (30, "Demo"),
                (20, "Email"),
                (15, "Email"),
                (10, "Email"),
                (0, "Retargeting"),
            ],
            lead_days=39,
            deal_days=0,
        )
    ],
    # factors.ai, "Full funnel attribution": first, lead creation, opportunity creation and last, and others between.
    "full": [
        Walk(
            [(60, "Search"), (50, "Blog"), (39, "Whitepaper"), (30, "Event"), (20, "Demo"), (0, "Call")],
            stage="sale",
            lead_days=39,
            deal_days=20,
        )
    ],
    # S. Bryl, AnalyzeCore, 2016, "Marketing multi-channel attribution model with R"; its results also as
    # J. Castro's markovattribution tests them.
    "bryl": [
        Walk(in_order("C1", "C2", "C3")),
        Walk(in_order("C1"), stage=None),
        Walk(in_order("C2", "C3"), stage=None),
    ],
    # S. Puzyrov, 2019, "Markov Chain Attribution - Simple Explanation Of Removal Effect".
    "puzyrov": [
        Walk(in_order("Google Ads"), 2),
        Walk(in_order("Mailing")),
        Walk(in_order("Google Ads", "Mailing")),
        Walk(in_order("Google Ads"), stage=None),
    ],
    # J. Woloso, pychattr, README: three converting paths of two channels, by 10,000 simulated walks.
    "pychattr": [
        Walk(in_order(*"ABABBA")),
        Walk(in_order(*"ABBAA")),
        Walk(in_order(*"AA")),
    ],
    # "Data-driven marketing attribution" (Towards Data Science), as computed in the notebook of that name in
    # tomgorb/misc: a hundred conversions by the set of channels that came before them.
    "coalitions": [
        Walk(in_order(*channels), times)
        for channels, times in (("F", 20), ("O", 10), ("L", 17), ("FO", 17), ("FL", 30), ("FLO", 6))
    ],
    "random": [Walk(in_order(*channels), stage="mql" if converts else None) for channels, converts in RANDOM_PATHS],
}


def load(warehouse: Path) -> None:
    """Put the examples in the place of all that is known of prospects."""
    tables: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for locale, walks in EXAMPLES.items():
        for number, walk in enumerate(one for one in walks for _ in range(one.times)):
            who = f"{locale}-{number}"
            moments = {
                name: None if days is None else ENTERED - timedelta(days=days)
                for name, days in (("lead", walk.lead_days), ("deal", walk.deal_days))
            }
            for place, (days, channel) in enumerate(walk.touches):
                touch = (f"{who}-{place}", ENTERED - timedelta(days=days), channel, locale)
                tables["touches" if walk.stage else "visits"].append((*touch, who))
            if walk.stage:
                tables["entries"].append((who, locale, walk.stage))
                tables["leads"].append((who, moments["lead"]))
                tables["deals"].append((who, moments["deal"]))
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table in EMPTIED:
            connection.execute(f"delete from {table}")
        for table, (key, columns) in FILLED.items():
            connection.executemany(f"insert into {table} by name select {columns}", tables[key])
        connection.execute(
            "insert into intermediate.int_prospects_changed select prospect_id from facts.fct_stage_entries"
        )
        connection.execute(
            "insert into intermediate.int_visitors_changed select distinct visitor_key from intermediate.int_visits"
        )


EMPTIED = (
    "facts.fct_stage_entries", "facts.fct_touchpoints", "intermediate.int_visits", "intermediate.int_prospects_changed",
    "intermediate.int_visitors_changed", "intermediate.int_records_resolved",
    "intermediate.int_opportunities_assigned",
)  # fmt: skip
FILLED = {
    "facts.fct_stage_entries": (
        "entries",
        "$1 as stage_entry_id, $1 as prospect_id, hash($1) as prospect_number, $1 as opportunity_id, 1 as cycle, "
        "$2 as locale, $3 as stage, "
        f"'unmapped' as business_line, timestamptz '{ENTERED}' as entered_at, "
        f"date '{ENTERED:%Y-%m-%d}' as entered_date",
    ),
    "facts.fct_touchpoints": (
        "touches",
        "$1 as touchpoint_id, $2::timestamptz as touched_at, $3 as channel, 'x' as campaign, $4 as locale, "
        "$5 as prospect_id, hash($5) as prospect_number",
    ),
    "intermediate.int_visits": (
        "visits",
        "$1 as touchpoint_id, $2::timestamptz as touched_at, $3 as channel, 'x' as campaign, $4 as locale, "
        "$5 as visitor_key, hash($5) as visitor_number",
    ),
    "intermediate.int_records_resolved": (
        "leads",
        "$1 as prospect_id, $2::timestamptz as created_at, 'lead' as record_type",
    ),
    "intermediate.int_opportunities_assigned": (
        "deals",
        "$1 as opportunity_id, $2::timestamptz as created_at",
    ),
}
