"""The models of attribution beside what others have published: their paths, and their results for them.

Each example is a market of its own in one warehouse, so each has a Markov fit of its own. Only facts are taken, with
their source: which touches there were, and what each of them was given.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tests.dbt.runner import WAREHOUSE_NAME, DbtProject, rows
from tests.dbt.test_channel_effects import reference

ENTERED = datetime(2026, 3, 1, 12, tzinfo=UTC)
MODELS = (
    "int_cycles_anchored", "int_stage_entries_touched", "int_touch_weights", "fct_touch_credits",
    "int_paths_unconverted", "int_visits_linked", "int_channel_transitions", "int_channel_effects",
    "int_channel_shares", "fct_attribution",
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
            "insert into intermediate.int_prospects_changed select prospect_id from marts.fct_stage_entries"
        )


EMPTIED = (
    "marts.fct_stage_entries", "marts.fct_touchpoints", "intermediate.int_visits", "intermediate.int_prospects_changed",
    "intermediate.int_records_resolved", "intermediate.int_opportunities_assigned",
)  # fmt: skip
FILLED = {
    "marts.fct_stage_entries": (
        "entries",
        "$1 as stage_entry_id, $1 as prospect_id, $1 as opportunity_id, 1 as cycle, $2 as locale, $3 as stage, "
        f"'unmapped' as business_line, timestamptz '{ENTERED}' as entered_at, "
        f"date '{ENTERED:%Y-%m-%d}' as entered_date",
    ),
    "marts.fct_touchpoints": (
        "touches",
        "$1 as touchpoint_id, $2::timestamptz as touched_at, $3 as channel, 'x' as campaign, $4 as locale, "
        "$5 as prospect_id",
    ),
    "intermediate.int_visits": (
        "visits",
        "$1 as touchpoint_id, $2::timestamptz as touched_at, $3 as channel, 'x' as campaign, $4 as locale, "
        "$5 as visitor_key",
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


@pytest.fixture(scope="module")
def credited(project: DbtProject, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which the examples, and nothing else, were attributed."""
    warehouse = Path(shutil.copy(built, tmp_path_factory.mktemp("examples") / WAREHOUSE_NAME))
    load(warehouse)
    assert project.run(warehouse, "run", "--full-refresh", "--select", *MODELS).succeeded
    return warehouse


def by_touch(warehouse: Path, locale: str, model: str) -> list[float]:
    """Credit of the touches of an example's one path, oldest first."""
    query = f"select {model}_credit from marts.fct_attribution where locale = '{locale}' order by touch_number"
    return [float(credit) for (credit,) in rows(warehouse, query)]


def by_channel(warehouse: Path, locale: str, model: str) -> dict[str, float]:
    """Credit of an example's channels, over all paths."""
    query = f"select channel, sum({model}_credit) from marts.fct_attribution where locale = '{locale}' group by channel"
    return {channel: float(credit) for channel, credit in rows(warehouse, query)}


def shares(parts: Iterable[float], whole: float) -> list[float]:
    return [part / whole for part in parts]


@pytest.mark.parametrize(
    ("model", "dollars", "margin"),
    [
        ("first_touch", (12_000, 0, 0, 0, 0), 0),
        ("last_touch", (0, 0, 0, 0, 12_000), 0),
        ("last_non_direct", (0, 0, 0, 12_000, 0), 0),
        ("linear", (2_400, 2_400, 2_400, 2_400, 2_400), 0),
        ("position_based", (4_800, 800, 800, 800, 4_800), 0),
        # Published to five dollars.
        ("time_decay", (175, 290, 575, 3_415, 7_545), 5),
    ],
)
def test_a_journey_worth_12_000_dollars_is_shared_as_published(
    credited: Path, model: str, dollars: tuple[int, ...], margin: int
) -> None:
    found = [12_000 * credit for credit in by_touch(credited, "journey", model)]
    assert found == pytest.approx(dollars, abs=margin + 1e-6)


@pytest.mark.parametrize(("model", "percent"), [("position_based", (40, 10, 10, 40)), ("linear", (25, 25, 25, 25))])
def test_four_touches_share_as_salesforce_says(credited: Path, model: str, percent: tuple[int, ...]) -> None:
    assert by_touch(credited, "four", model) == pytest.approx(shares(percent, 100))


def test_a_w_gives_three_moments_30_percent_and_four_others_two_and_a_half_each(credited: Path) -> None:
    assert by_touch(credited, "w", "w_shaped") == pytest.approx([0.3, 0.3, 0.025, 0.025, 0.025, 0.025, 0.3])


def test_a_full_path_gives_four_moments_22_and_a_half_percent_and_the_others_the_last_ten(credited: Path) -> None:
    assert by_touch(credited, "full", "full_path") == pytest.approx([0.225, 0.05, 0.225, 0.05, 0.225, 0.225])


def test_markov_gives_three_channels_what_bryl_and_castro_give_them(credited: Path) -> None:
    assert by_channel(credited, "bryl", "markov") == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4}, abs=1e-11)


def test_markov_removes_what_puzyrov_removes(credited: Path) -> None:
    """By the transitions he gives four in five convert; without Google Ads one in five, without mailings two in five."""
    query = "select channel, removal_effect, conversion_probability from intermediate.int_channel_effects"
    found = rows(credited, f"{query} where locale = 'puzyrov' and stage = 'mql' order by channel")
    assert [row[0] for row in found] == ["Google Ads", "Mailing"]
    assert [row[1:] for row in found] == [pytest.approx((0.75, 0.8)), pytest.approx((0.5, 0.8))]


def test_markov_comes_close_to_pychattrs_simulation(credited: Path) -> None:
    """Channels' shares of all conversions are what it publishes; ours are of each path, so effects are compared."""
    query = "select channel, removal_effect from intermediate.int_channel_effects"
    effects = dict(rows(credited, f"{query} where locale = 'pychattr' and stage = 'mql'"))
    total = sum(effects.values())
    found = {channel: 3 * effect / total for channel, effect in effects.items()}
    assert found == pytest.approx({"A": 1.991106, "B": 1.008894}, abs=0.02)
    assert found == pytest.approx({"A": 2, "B": 1}, abs=1e-9), "what simulation comes close to"


def test_shapley_gives_three_channels_what_their_coalitions_are_worth(credited: Path) -> None:
    found = by_channel(credited, "coalitions", "shapley")
    assert found == pytest.approx({"F": 45.5, "O": 20.5, "L": 34}, abs=1e-9)


def test_shapley_is_the_mean_over_all_orders_in_which_channels_could_have_come(credited: Path) -> None:
    """The definition (Shapley, 1953): what a channel adds when it comes, of conversions by those who are there."""
    walks = {frozenset(channel for _, channel in walk.touches): walk.times for walk in EXAMPLES["coalitions"]}
    found = by_channel(credited, "coalitions", "shapley")
    assert found == pytest.approx({channel: float(worth) for channel, worth in _shapley(walks).items()}, abs=1e-9)


def _shapley(walks: dict[frozenset[str], int]) -> dict[str, Fraction]:
    channels = sorted(frozenset().union(*walks))
    orders = list(permutations(channels))
    worth: dict[str, Fraction] = defaultdict(Fraction)
    for order in orders:
        for place, channel in enumerate(order):
            there = frozenset(order[:place])
            added = sum(times for needs, times in walks.items() if needs <= there | {channel} and not needs <= there)
            worth[channel] += Fraction(added, len(orders))
    return worth


def test_markov_of_random_paths_equals_linear_algebra_from_paths_to_credit(credited: Path) -> None:
    effects = reference(RANDOM_PATHS)
    expected: dict[str, float] = defaultdict(float)
    for channels, converts in RANDOM_PATHS:
        if converts:
            total = sum(effects[channel] for channel in set(channels))
            for channel in set(channels):
                expected[channel] += effects[channel] / total
    assert by_channel(credited, "random", "markov") == pytest.approx(expected, abs=1e-9)


def test_credit_of_every_example_sums_to_one_by_every_model(credited: Path) -> None:
    models = [
        column
        for (column,) in rows(
            credited,
            "select column_name from information_schema.columns"
            " where table_name = 'fct_attribution' and column_name like '%_credit'",
        )
    ]
    assert len(models) == 10
    sums = ", ".join(f"sum({model})" for model in models)
    entries = rows(credited, f"select {sums} from marts.fct_attribution group by stage_entry_id")
    assert len(entries) > 200
    assert {total for entry in entries for total in entry} == {1}
