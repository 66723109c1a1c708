"""Countries beside each other, beside what the sandbox company's own truth makes of them.

Values are rounded to ten places or to cents by the marts, and so is what is worked out of them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sandbox.company.truth import Day, Observation
from sandbox.company.truth.benchmarks import FUNNEL, Standing, standings
from sandbox.company.truth.kpis import STEP_RATES
from sandbox.company.truth.places import BUSINESS_LINES, UNMAPPED
from tests.e2e.differences import Difference, Key, differences

_LEAST = 30
_CENT, _SMALLEST = Fraction(2, 100), Fraction(1, 10**8)

_QUERY = """
    SELECT locale, business_line, period_type, period_start::VARCHAR, kpi, comparison, is_compared, value, value_rank,
        group_size, median_value, best_value, earlier_value, extra_sales, extra_amount_eur_constant, growth_rate,
        index_to_median, abs(best_value - value) IS NOT DISTINCT FROM gap_to_best, outside_value
    FROM mart_benchmarks WHERE kpi IN ({kpis})
"""


def benchmark_differences(
    days: Iterable[Day], observation: Observation, rows: Callable[[str], list[tuple[Any, ...]]]
) -> list[Difference]:
    """Who is compared, and every figure of theirs; of the others that they have none."""
    expected = standings(days, observation.claimed, (*sorted(BUSINESS_LINES), UNMAPPED), _LEAST)
    kpis = ", ".join(f"'{kpi}'" for kpi in (*FUNNEL, "sales_amount", *STEP_RATES))
    found = rows(_QUERY.format(kpis=kpis))
    compared: Mapping[Key, Any] = {row[:6]: row[7:18] for row in found if row[6]}
    idle = [(row[:6], None, row[8:]) for row in found if not row[6] and (row[8], row[13], row[16]) != (None,) * 3]
    outside = [(row[:6], _said_outside(*row[:5]), row[18]) for row in found if row[18] != _said_outside(*row[:5])]
    return [*differences(expected, compared, _same), *idle, *outside]


def _said_outside(locale: str, line: str, kind: str, start: str, kpi: str) -> Fraction | None:
    """What `config/benchmarks/2026.csv` says, once more."""
    if line != "all" or date.fromisoformat(start).year != 2026:
        return None
    if kpi == "mql_to_sql_rate" and locale == "de" and kind != "fiscal_year" and start[5:7] in ("04", "05", "06"):
        return Fraction(45, 100)
    return {"mql_to_sql_rate": Fraction(42, 100), "session_to_first_identifier_rate": Fraction(21, 10_000)}.get(kpi)


def _same(expected: Standing, found: tuple[Any, ...]) -> bool:
    value, rank, group, median, best, before, sales, worth, growth, index, is_the_gap = found
    pairs = zip(
        (expected.value, expected.median, expected.best, expected.before), (value, median, best, before), strict=True
    )
    near = [
        *((one, other, _CENT if one >= 1 else _SMALLEST) for one, other in pairs),
        (expected.extra_sales, sales, Fraction(1, 1000)),
        (expected.extra_worth, worth, 1 + abs(expected.extra_worth or Fraction()) * Fraction(1, 10**6)),
        (expected.value / expected.before - 1 if expected.before else None, growth, Fraction(1, 10**4)),
        (expected.value / expected.median * 100 if expected.median else None, index, Fraction(1, 100)),
    ]
    return (rank, group, is_the_gap) == (expected.rank, expected.group, True) and all(_near(*one) for one in near)


def _near(expected: Fraction | None, found: Any, tolerance: Fraction) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    return abs(Fraction(found) - expected) <= tolerance
