"""The models of attribution beside what others have published: their paths, and their results for them.

Each example is a market of its own in one warehouse, so each has a Markov fit of its own. Only facts are taken, with
their source: which touches there were, and what each of them was given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from tests.dbt.published_paths import EXAMPLES, MODELS, RANDOM_PATHS, load
from tests.dbt.runner import DbtProject, copied, rows
from tests.dbt.test_channel_effects import reference


@pytest.fixture(scope="module")
def credited(project: DbtProject, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which the examples, and nothing else, were attributed."""
    warehouse = copied(built, tmp_path_factory.mktemp("examples"))
    load(warehouse)
    assert project.run(warehouse, "run", "--full-refresh", "--select", *MODELS).succeeded
    return warehouse


def by_touch(warehouse: Path, locale: str, model: str) -> list[float]:
    """Credit of the touches of an example's one path, oldest first."""
    query = f"select {model}_credit from facts.fct_attribution where locale = '{locale}' order by touch_number"
    return [float(credit) for (credit,) in rows(warehouse, query)]


def by_channel(warehouse: Path, locale: str, model: str) -> dict[str, float]:
    """Credit of an example's channels, over all paths."""
    query = f"select channel, sum({model}_credit) from facts.fct_attribution where locale = '{locale}' group by channel"
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
    """By the steps he gives four in five convert; without Google Ads one in five, without mailings two in five."""
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
    entries = rows(credited, f"select {sums} from facts.fct_attribution group by stage_entry_id")
    assert len(entries) > 200
    assert {total for entry in entries for total in entry} == {1}
