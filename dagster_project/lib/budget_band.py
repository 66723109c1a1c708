"""Head office's budget rates beside the market's: a rate that is upside down, or has a slipped point, is a mistake.

It is looked for where both are known, just before a build: the file is checked by itself when it is read.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.ecb.streams import RATES, SCOPE, SOURCE
from connectors.landing import Landing
from dagster_project.config.money import BudgetRate
from dagster_project.config.money_checks import BUDGET_FILE
from dagster_project.config.problems import ConfigurationProblems, Problem, ProblemList
from dagster_project.config.tables import read_csv

BAND = Decimal("0.30")

Medians = Mapping[str, Decimal]
"""Units per euro, by currency."""


def check_budget_band(config_folder: Path, landing: Landing, fiscal_year_start_month: int) -> None:
    """Raise ConfigurationProblems for each budget rate that is more than 30 % from the median of the European Central
    Bank's rates, both of its fiscal year so far and of the twelve months before, and has no reason for it."""
    path = config_folder / BUDGET_FILE
    rates = list(read_csv(BudgetRate, path, ProblemList(config_folder, path)))
    if not rates or not landing.files(SOURCE, RATES.stream, SCOPE):
        return
    years = {rate.fiscal_year for _, rate in rates}
    starts = {
        year: date(year, fiscal_year_start_month, 1) for year in {year + by for year in years for by in (-1, 0, 1)}
    }
    published = _published(landing, min(starts.values()))
    medians = {year: _medians(published, starts[year], starts[year + 1]) for year in starts if year + 1 in starts}
    problems = [
        problem
        for line, rate in rates
        for problem in _out_of_band(line, rate, medians[rate.fiscal_year - 1], medians[rate.fiscal_year])
    ]
    if problems:
        raise ConfigurationProblems(problems)


def _out_of_band(line: int, rate: BudgetRate, before: Medians, during: Medians) -> Iterator[Problem]:
    known = [one[rate.currency] for one in (during, before) if rate.currency in one]
    if not known or rate.reason or any(_near(rate.rate, middle) for middle in known):
        return
    middle = known[0]
    turned = " (it would be right the other way round)" if any(_near(1 / rate.rate, one) for one in known) else ""
    low, high = middle * (1 - BAND), middle * (1 + BAND)
    yield Problem(
        BUDGET_FILE,
        line,
        "rate",
        f"{rate.rate} for {rate.currency} in {rate.fiscal_year}",
        f"units of it per euro, {low:.4g} to {high:.4g}: within {BAND:.0%} of the ECB's median, {middle:.6g}{turned}; "
        "or the `reason` why not, in a column of that name",
    )


def _near(rate: Decimal, middle: Decimal) -> bool:
    return abs(rate - middle) <= BAND * middle


def _published(landing: Landing, first: date) -> pa.Table:
    """The landed rates from the year of a day on, without what came with them."""
    columns = ["rate_date", "currency", "rate"]
    files = [file for file in landing.files(SOURCE, RATES.stream, SCOPE) if int(file.segment) >= first.year]
    empty = pa.schema([field for field in RATES.schema if field.name in columns]).empty_table()
    return pa.concat_tables([empty, *(pq.read_table(file.path, columns=columns) for file in files)])


def _medians(published: pa.Table, first: date, following: date) -> Medians:
    dates = published["rate_date"]
    within = published.filter(pc.and_(pc.greater_equal(dates, pa.scalar(first)), pc.less(dates, pa.scalar(following))))
    quoted: dict[str, list[Decimal]] = {}
    for currency, rate in zip(within["currency"].to_pylist(), within["rate"].to_pylist(), strict=True):
        quoted.setdefault(currency, []).append(rate)
    return {currency: median(rates) for currency, rates in quoted.items()}
