"""What is wrong about money is said with file, line, column, value and rule; what is right reaches the warehouse."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dagster_project.config import load_config
from dagster_project.config.values import currency_codes
from dagster_project.lib.config_tables import TABLES
from dagster_project.lib.money_rows import inverse_rate, minor_units
from tests.dagster_project.config.editing import AS_OF, edit, only_problem

BUDGET = "fx/budget_rates.csv"
FIXED = "fx/fixed_rates.csv"


def table(config: Path, name: str) -> set[tuple[object, ...]]:
    loaded = load_config(config)
    return {row for one in TABLES if one.name == name for row in one.rows(loaded, AS_OF)}


@pytest.mark.parametrize(
    ("file", "row", "column", "found", "allowed"),
    [
        (BUDGET, "2026,GBPP,0.88", "currency", "'GBPP'", "did you mean GBP?"),
        (BUDGET, "2026,NOK,-11", "rate", "-11", "greater than 0"),
        (BUDGET, "2026,NOK,eleven", "rate", "'eleven'", "decimal"),
        (BUDGET, "2026,NOK,11.1234567", "rate", "11.1234567", "6 decimal places"),
        (BUDGET, "1026,NOK,11.1", "fiscal_year", "1026", "greater than or equal to 1999"),
        (BUDGET, "2026,GBP,0.88", "currency", "GBP for 2026 a second time", "the other is line"),
        (BUDGET, "2026,EUR,1", "currency", "'EUR'", "which is always 1"),
        (BUDGET, "2026,BGN,1.96", "currency", "'BGN'", "fixed since 2026-01-01"),
        (BUDGET, "2026,NOK", "row", "a different number of cells", "one cell for each column"),
        (FIXED, "EUR,2026-01-01,1,x", "currency", "'EUR'", "given up for the euro"),
        (FIXED, "BGN,2026-01-01,1.95583,x", "currency", "'BGN'", "each currency once; it stands in line 22"),
        (FIXED, "NOK,1998-01-01,7.46,x", "fixed_from", "1998-01-01", "1999-01-01, when the euro began"),
        (FIXED, "DKK,1.1.2030,7.46,x", "fixed_from", "'1.1.2030'", "date"),
    ],
)
def test_a_mistake_in_a_table_of_rates_names_line_column_value_and_rule(
    config: Path, file: str, row: str, column: str, found: str, allowed: str
) -> None:
    path = config / file
    path.write_text(path.read_text() + row + "\n")
    problem = only_problem(config)
    assert (problem.file, problem.line, problem.field) == (file, path.read_text().count("\n"), column)
    assert found in problem.found
    assert allowed in problem.allowed


@pytest.mark.parametrize(
    ("lost", "found", "allowed"),
    [
        ("2026,JPY,181\n", "no JPY for 2026", "jp uses JPY"),
        ("2025,USD,1.051\n", "no USD for 2025", "us uses USD"),
    ],
)
def test_every_currency_in_use_needs_a_budget_rate_in_every_year_that_has_any(
    config: Path, lost: str, found: str, allowed: str
) -> None:
    edit(config, BUDGET, lost, "")
    problem = only_problem(config)
    assert (problem.file, problem.field) == (BUDGET, "rate")
    assert found in problem.found
    assert allowed in problem.allowed


def test_what_is_reported_in_needs_budget_rates_too(config: Path) -> None:
    edit(config, "project.yml", "further_reporting_currencies: [USD]", "further_reporting_currencies: [USD, DKK, CAD]")
    path = config / BUDGET
    path.write_text(path.read_text() + "2026,CAD,1.6\n")
    problem = only_problem(config)
    assert problem.found == "'no CAD for 2025'"
    assert problem.allowed.endswith("project.yml reports in CAD")


@pytest.mark.parametrize(
    ("old", "new", "field", "allowed"),
    [
        ("fx: {policy: ecb}", "fx: {policy: ebc}", "fx.policy", "'ecb', 'crm' or 'budget'"),
        ("fx: {policy: ecb}", "fx: {policy: crm}", "fx", "connection with policy crm"),
        ("fx: {policy: ecb}", "fx: {policy: ecb, connection: salesforce_global}", "fx", "connection with policy crm"),
        ("fx: {policy: ecb}", "fx: {policy: crm, connection: ecb}", "fx.connection", "one of salesforce_global"),
        (
            "fx: {policy: ecb}",
            "fx: {policy: crm, connection: salesforce_americas}",
            "fx.connection",
            "by connections.yml this one has USD only",
        ),
        ("[USD]", "[USD, EUR]", "further_reporting_currencies.1", "each currency once"),
    ],
)
def test_a_source_of_rates_is_one_that_there_can_be(config: Path, old: str, new: str, field: str, allowed: str) -> None:
    line = edit(config, "project.yml", old, new)
    problem = only_problem(config)
    assert (problem.file, problem.line, problem.field) == ("project.yml", line, field)
    assert allowed in problem.allowed


@pytest.mark.parametrize(
    ("former", "allowed"),
    [
        ("[{currency: BGN, until: 2025-12-31}, {currency: DEM, until: 1998-12-31}]", "oldest first"),
        ("[{currency: DKK, until: 2025-12-31}]", "differ from the one that follows"),
        ("[{currency: BGN, until: 2025-12-30}]", "the last day of a month"),
        ("[{currency: BGNN, until: 2025-12-31}]", "did you mean BGN?"),
    ],
)
def test_a_country_changes_from_one_currency_to_another_in_order(config: Path, former: str, allowed: str) -> None:
    denmark = (config / "locales" / "uk.yml").read_text().replace("uk", "dk").replace("UK", "DK").replace("GBP", "DKK")
    (config / "locales" / "dk.yml").write_text(denmark.replace("310000005", "310000013"))
    line = edit(config, "locales/dk.yml", "currency: DKK", f"currency: DKK\nformer_currencies: {former}")
    problem = only_problem(config)
    assert (problem.file, problem.line) == ("locales/dk.yml", line + 1)
    assert allowed in problem.allowed


def test_a_country_has_each_currency_on_its_own_days_and_a_budget_rate_for_as_long(config: Path) -> None:
    former = "former_currencies: [{currency: BGN, until: 2025-12-31}]"
    edit(config, "locales/be-nl.yml", "currency: EUR", f"currency: EUR\n{former}")
    assert "be-nl uses BGN" in only_problem(config).allowed
    path = config / BUDGET
    path.write_text(path.read_text() + "2025,BGN,1.95583\n")
    assert {row for row in table(config, "locale_currencies") if row[0] == "be-nl"} == {
        ("be-nl", "BGN", date.min, date(2026, 1, 1)),
        ("be-nl", "EUR", date(2026, 1, 1), date.max),
    }
    # After that the law's, which is nobody's to set.
    fixed = {row[0]: row for row in table(config, "budget_rates") if row[1] == "BGN"}
    assert fixed[2026] == (
        2026, "BGN", Decimal("1.95583"), Decimal("0.511291881196218485"), date(2026, 1, 1), date(2027, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("EUR", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("BHD", 3), ("IQD", 3), ("CLF", 4), ("UYW", 4),
        ("RSD", 2), ("ALL", 2), ("HUF", 2), ("ITL", 0), ("TRL", 0), ("DEM", 2), ("HRK", 2),
    ],
)  # fmt: skip
def test_minor_units_are_isos_not_those_of_daily_use(currency: str, digits: int) -> None:
    """FX-06."""
    assert minor_units(currency) == digits


def test_every_currency_has_minor_units_that_money_can_be_rounded_to(config: Path) -> None:
    rows = table(config, "currencies")
    assert {currency for currency, _ in rows} == currency_codes()
    assert {digits for _, digits in rows} == {0, 2, 3, 4}


def test_an_inverse_is_exact_to_eighteen_places() -> None:
    assert inverse_rate(Decimal("1.95583")) == Decimal("0.511291881196218485")
    assert inverse_rate(Decimal("1836200")) == Decimal("0.000000544602984424")
