"""Credit beside the truth's: by day in the working database's fact, by month and with its money in the mart."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb

from dagster_project.lib.marts import marts_file
from sandbox.company.truth import Credit
from tests.e2e.differences import Difference, Key, differences

ATTRIBUTION_MARTS = {"mart_attribution": ("channel", "campaign"), "mart_attribution_content": ("content",)}
SMALLEST_CREDIT = 1e-6
SMALLEST_AMOUNT = 1.0

BY_DAY = """
    SELECT locale, business_line, stage, entered_date, channel, campaign, content, {credits}
    FROM facts.fct_attribution INNER JOIN marts.mart_locales USING (locale)
    WHERE entered_date BETWEEN go_live_date AND as_of_date
    GROUP BY ALL
"""
BY_MONTH = """
    SELECT locale, business_line, stage, model, month, {dimensions},
        credit, amount_local, amount_eur, amount_eur_constant
    FROM {mart}
"""


def credit_by_day(credits: Sequence[Credit], warehouse: Path) -> list[Difference]:
    """Credit of every day, stage, channel, campaign and content, by every model."""
    expected = _summed(
        (
            (
                *(one.locale, one.business_line, one.stage, one.date),
                *(one.channel, one.campaign, one.content, one.model),
            ),
            (one.credit,),
        )
        for one in credits
    )
    models = sorted({one.model for one in credits})
    sums = ", ".join(f"sum({model}_credit) AS {model}" for model in models)
    found = {
        (*row[:7], model): (credit,)
        for row in _rows(warehouse, BY_DAY.format(credits=sums))
        for model, credit in zip(models, row[7:], strict=True)
        if credit
    }
    return differences(expected, found, _nearly((SMALLEST_CREDIT,)))


def credit_by_month(
    credits: Sequence[Credit], database: Path, mart: str, dimensions: tuple[str, ...]
) -> list[Difference]:
    """Credit and credited money of every month, stage and model, by a mart's own dimensions."""
    expected = _summed(
        (
            (
                *(one.locale, one.business_line, one.stage, one.model, one.date.replace(day=1)),
                *(getattr(one, dimension) for dimension in dimensions),
            ),
            one[8:],
        )
        for one in credits
    )
    keys = 5 + len(dimensions)
    sql = BY_MONTH.format(mart=mart, dimensions=", ".join(dimensions))
    found = {row[:keys]: row[keys:] for row in _rows(database, sql)}
    return differences(expected, found, _nearly((SMALLEST_CREDIT, *[SMALLEST_AMOUNT] * 3)))


def _summed(rows: Iterable[tuple[Key, tuple[float, ...]]]) -> dict[Key, tuple[float, ...]]:
    sums: dict[Key, tuple[float, ...]] = defaultdict(tuple)
    for key, values in rows:
        sums[key] = tuple(map(sum, zip(sums[key] or (0.0,) * len(values), values, strict=True)))
    return sums


def _nearly(margins: tuple[float, ...]) -> Callable[[Sequence[float], Sequence[Decimal | None]], bool]:
    def same(expected: Sequence[float], found: Sequence[Decimal | None]) -> bool:
        return all(
            abs(float(right or 0) - left) <= margin
            for left, right, margin in zip(expected, found, margins, strict=True)
        )

    return same


def _rows(database: Path, sql: str) -> list[Key]:
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        if marts_file(database).is_file():
            connection.execute(f"ATTACH '{marts_file(database)}' AS marts (READ_ONLY)")
        return connection.execute(sql).fetchall()
