"""Money in further currencies beside the sandbox company's own truth: at the rates of the days, and at the budget's."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from babel.numbers import get_currency_precision

from sandbox.company.truth import BudgetRates, Observation
from sandbox.company.truth.reporting import amounts
from tests.e2e.differences import Difference, differences

Rows = Callable[[str], list[tuple[Any, ...]]]


def amount_differences(
    rows: Rows, observation: Observation, budget: BudgetRates, currencies: Sequence[str]
) -> list[Difference]:
    """The rows of mart_amounts that are not the truth's, to a minor unit; spend of all business lines together."""
    found = {
        row[:6]: (row[5], *row[6:])
        for row in rows(
            "SELECT kpi, locale, business_line, period_type, period_start, reporting_currency, amount, amount_constant "
            "FROM mart_amounts WHERE kpi <> 'traffic_spend' OR business_line = 'all'"
        )
    }
    expected = {
        tuple(key): (key.reporting_currency, *sums) for key, sums in amounts(observation, budget, currencies).items()
    }
    return differences(expected, found, _within_a_minor_unit)


def _within_a_minor_unit(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    unit = Fraction(1, 10 ** get_currency_precision(one[0]))
    return all(
        theirs is not None and abs(Fraction(ours) - Fraction(theirs)) <= unit
        for ours, theirs in zip(one[1:], other[1:], strict=True)
    )
