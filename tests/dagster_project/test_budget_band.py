"""A budget rate that is upside down never reaches the warehouse: the European Central Bank's rates say so."""

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.ecb.history import inverse
from connectors.ecb.streams import RATES, SCOPE
from connectors.landing import Landing, SeriesWindow
from dagster_project.config import ConfigurationProblems, Problem
from dagster_project.lib.budget_band import check_budget_band

COMMITTED = Path(__file__).parents[2] / "config"
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
MARKET = {2025: {"GBP": "0.85", "JPY": "160", "TRY": "40"}, 2026: {"GBP": "0.87", "JPY": "181", "TRY": "60"}}


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """Rates of every day of 2025, and of half of 2026."""
    landing = Landing(tmp_path / "landing", lambda: NOW)
    for year, rates in MARKET.items():
        days = [date(year, 1, 1) + timedelta(days=number) for number in range(365 if year == 2025 else 180)]
        rows = [
            {"rate_date": day, "currency": currency, "rate": Decimal(rate), "inverse_rate": inverse(Decimal(rate))}
            for day in days
            for currency, rate in rates.items()
        ]
        window = SeriesWindow(date(year, 1, 1), date(year + 1, 1, 1), "final", {})
        landing.replace_windows(RATES, SCOPE, str(year), pa.Table.from_pylist(rows, RATES.schema), [window])
    return landing


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(COMMITTED, tmp_path / "config")
    return tmp_path / "config"


def budget(config: Path, *rows: str, header: str = "fiscal_year,currency,rate") -> None:
    (config / "fx" / "budget_rates.csv").write_text("\n".join([header, *rows]) + "\n")


def problems(config: Path, landing: Landing, month: int = 1) -> list[Problem]:
    with pytest.raises(ConfigurationProblems) as raised:
        check_budget_band(config, landing, month)
    return raised.value.problems


def test_the_committed_rates_are_near_the_markets(config: Path, landing: Landing) -> None:
    check_budget_band(config, landing, 1)


def test_a_rate_upside_down_is_named_with_file_line_column_value_and_rule(config: Path, landing: Landing) -> None:
    """FX-05."""
    budget(config, "2026,GBP,0.88", "2026,JPY,0.0055")
    [problem] = problems(config, landing)
    assert str(problem) == (
        "fx/budget_rates.csv:3: rate: found 0.0055 for JPY in 2026; allowed: units of it per euro, 126.7 to 235.3:"
        " within 30% of the ECB's median, 181.000 (it would be right the other way round); or the `reason` why not, in"
        " a column of that name"
    )


@pytest.mark.parametrize(("rate", "is_well"), [("0.62", True), ("0.59", False), ("1.13", True), ("1.14", False)])
def test_the_band_is_thirty_percent_of_the_median_of_the_year_or_of_the_year_before(
    config: Path, landing: Landing, rate: str, is_well: bool
) -> None:
    budget(config, f"2026,GBP,{rate}")
    if is_well:
        check_budget_band(config, landing, 1)
    else:
        assert problems(config, landing)


def test_a_rate_that_was_near_when_it_was_set_stays_well_when_the_market_runs_away(
    config: Path, landing: Landing
) -> None:
    budget(config, "2026,TRY,41")
    check_budget_band(config, landing, 1)


def test_a_year_to_come_is_compared_with_the_one_before(config: Path, landing: Landing) -> None:
    budget(config, "2027,JPY,18.1")
    assert "(it would" not in problems(config, landing)[0].allowed
    budget(config, "2027,JPY,170")
    check_budget_band(config, landing, 1)


def test_a_reason_accepts_what_is_meant(config: Path, landing: Landing) -> None:
    budget(config, "2026,JPY,300,hedged until 2027", header="fiscal_year,currency,rate,reason")
    check_budget_band(config, landing, 1)


def test_a_fiscal_year_has_its_own_months(config: Path, landing: Landing) -> None:
    # From April 2025 on: nine months of one year's rates, three of the next's; before it, one year's only.
    budget(config, "2025,TRY,27")
    assert problems(config, landing, 4)


def test_what_the_bank_does_not_quote_cannot_be_compared(config: Path, landing: Landing, tmp_path: Path) -> None:
    budget(config, "2026,KWD,3.3")
    check_budget_band(config, landing, 1)
    budget(config, "2026,JPY,0.0055")
    check_budget_band(config, Landing(tmp_path / "nothing", lambda: NOW), 1)
