"""Targets beside the company's own truth: what they come to, what was reached, what was due by now, what is likely."""

from fractions import Fraction
from typing import Any

from dagster_project.config import Config
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.targets import Promise, Standing, standings
from tests.e2e.differences import Difference, differences

QUERY = (
    "SELECT target_id, target_value, base_value, actual_value, fx_effect_budget, expected_to_date, likely_value "
    "FROM mart_targets"
)


def promises(config: Config) -> dict[str, Promise]:
    """The configured targets in the truth's own terms."""
    found = {}
    for _, _, target in config.targets:
        _, first, last = target.bounds(config.project.fiscal_year_start_month)
        is_relative = target.kind == "relative"
        value = target.fixed if is_relative else target.value
        name = f"{target.kpi}/{target.locale}/{target.business_line}/{target.period}"
        found[name] = Promise(
            target.kpi,
            target.locale,
            target.business_line,
            first,
            last,
            None if value is None else Fraction(value),
            Fraction(target.value) if is_relative else None,
            target.currency,
        )
    return found


def target_differences(
    observation: Observation, budget_rates: BudgetRates, config: Config, rows: list[tuple[Any, ...]]
) -> list[Difference]:
    """Where a target's figures are not the truth's."""
    expected = {(name,): standing for name, standing in standings(observation, budget_rates, promises(config)).items()}
    return differences(expected, {(row[0],): Standing(*row[1:]) for row in rows}, _same)


def _same(expected: Standing, found: Standing) -> bool:
    """Equal to a cent, or to a millionth of a share; what is worked out of averages, to a millionth of itself."""
    return all(
        left is right if left is None or right is None else _near(float(left), float(right))
        for left, right in zip(expected, found, strict=True)
    )


def _near(left: float, right: float) -> bool:
    """Money is rounded to minor units, of which the yen's is the largest; shares are not."""
    rounding = 1.0 if abs(left) >= 100_000 else 0.011 if abs(left) > 2 else 1e-6
    return abs(left - right) <= 1e-6 * abs(left) + rounding


FORECASTS = (
    "SELECT target_id, forecast_lower, forecast_upper FROM mart_targets "
    "WHERE period_end = $end AND forecast_value IS NOT NULL"
)


def held_by_intervals(
    afterwards: Observation, budget_rates: BudgetRates, config: Config, rows: list[tuple[Any, ...]]
) -> tuple[int, int]:
    """(How many forecasts' intervals hold what their periods then came to, how many forecasts there are)."""
    came = {name: float(one.actual or 0) for name, one in standings(afterwards, budget_rates, promises(config)).items()}
    return sum(float(lower) <= came[name] <= float(upper) for name, lower, upper in rows), len(rows)
