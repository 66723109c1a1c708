"""One source of rates a build, a currency that changes, and rates that come late: what becomes of the marts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.dbt.runner import DbtProject, change, rows

DEALS = (
    "select opportunity_id, currency, amount, amount_eur, amount_eur_constant, fx_source from facts.fct_deals"
    " where amount is not null order by all"
)
MODELS = ("+mart_sales_daily", "+mart_amounts")
CHECKS = ("deals_have_exchange_rates", "spend_has_exchange_rates")
CRM_RATES = (
    "insert into landing.salesforce__dated_conversion_rate by name select * from (values"
    " ('E', 'EUR', 1, date '2025-12-01', date '2026-04-01', 'global', 1),"
    " ('U', 'USD', 1.6, date '2025-12-01', date '2026-04-01', 'global', 1),"
    " ('J', 'JPY', 200, date '2025-12-01', date '2026-04-01', 'global', 1))"
    " as rates (id, iso_code, conversion_rate, start_date, next_start_date, _connection, _load_seq)"
)


def build(project: DbtProject, warehouse: Path, *statements: str) -> bool:
    change(warehouse, *statements)
    assert project.run(warehouse, "run", "--full-refresh", "--select", *MODELS).succeeded
    return project.run(warehouse, "test", "--select", *CHECKS).succeeded


def policy(name: str, connection: str | None = None) -> str:
    named = f"'{connection}'" if connection else "null"
    return f"update config.build set fx_policy = '{name}', fx_connection = {named}"


def test_an_orgs_own_rates_are_used_for_all_orgs_once_head_office_says_so(project: DbtProject, warehouse: Path) -> None:
    assert build(project, warehouse, CRM_RATES, policy("crm", "global"))
    deals = rows(warehouse, DEALS)
    assert {source for *_, source in deals} == {"crm"}
    dollars = [(amount, euros) for _, currency, amount, euros, _, _ in deals if currency == "USD"]
    assert dollars
    assert all(euros == amount * Decimal("0.625") for amount, euros in dollars)


def test_an_org_without_dated_rates_has_none_and_nothing_else_takes_their_place(
    project: DbtProject, warehouse: Path
) -> None:
    assert not build(project, warehouse, CRM_RATES, policy("crm", "americas"))
    found = {(currency, euros is None) for _, currency, _, euros, _, _ in rows(warehouse, DEALS)}
    assert found == {("EUR", False), ("JPY", True), ("USD", True)}


def test_at_budget_rates_both_amounts_are_the_same(project: DbtProject, warehouse: Path) -> None:
    assert build(project, warehouse, policy("budget"))
    deals = rows(warehouse, DEALS)
    assert {source for *_, source in deals} == {"budget"}
    dollars = [(euros, constant) for _, currency, _, euros, constant, _ in deals if currency == "USD"]
    assert dollars
    # Both are the same rate; the one of the year is given as its inverse, to 18 places.
    assert all(abs(euros - constant) < Decimal("1e-9") for euros, constant in dollars)


@pytest.mark.parametrize("name", ["ecb", "crm", "budget"])
def test_one_build_has_one_source_of_rates(project: DbtProject, warehouse: Path, name: str) -> None:
    """FX-08."""
    assert build(project, warehouse, CRM_RATES, policy(name, "global" if name == "crm" else None))
    query = "select distinct fx_source from facts.fct_deals union select distinct fx_source from facts.fct_ads"
    assert rows(warehouse, query) == [(name,)]


def test_what_was_booked_then_is_worth_the_same_a_year_later(project: DbtProject, warehouse: Path) -> None:
    """FX-07: the rate of a date is the date's, whatever has been published since."""
    before = rows(warehouse, DEALS)
    assert build(
        project,
        warehouse,
        "insert into landing.ecb__rates by name select date '2027-03-01' as rate_date, currency, 9 as rate,"
        " 0.111111111111111111 as inverse_rate from (select distinct currency from landing.ecb__rates)",
    )
    assert rows(warehouse, DEALS) == before


def test_a_rate_that_came_out_after_the_morning_takes_the_place_of_the_day_before(
    project: DbtProject, warehouse: Path
) -> None:
    """FX-02: the same build again in the evening knows what day its rate is of, both times."""
    query = (
        "select distinct close_date, fx_rate_date, fx_rate_eur from facts.fct_deals where currency = 'USD' order by 1"
    )
    [(day, morning, rate), *_] = rows(warehouse, query)
    assert morning < day
    assert build(
        project,
        warehouse,
        f"insert into landing.ecb__rates by name select date '{day}' as rate_date, 'USD' as currency, 2 as rate,"
        " 0.5 as inverse_rate",
    )
    assert rows(warehouse, query)[0] == (day, day, Decimal("0.5"))
    assert rate != Decimal("0.5")


def test_a_market_that_changed_its_currency_has_each_day_in_the_one_it_had_then(
    project: DbtProject, warehouse: Path
) -> None:
    """FX-10: the days of one currency and of the other, and no sum over both."""
    assert build(
        project,
        warehouse,
        "delete from config.locale_currencies where locale = 'us'",
        "insert into config.locale_currencies values ('us', 'JPY', '0001-01-01', '2026-03-02'),"
        " ('us', 'USD', '2026-03-02', '9999-12-31')",
    )
    found = rows(
        warehouse,
        "select close_date < '2026-03-02', local_currency, bool_and(amount_local is not null) from facts.fct_deals"
        " where locale = 'us' and amount is not null group by all",
    )
    assert set(found) <= {(True, "JPY", True), (False, "USD", True)}
    spent = rows(
        warehouse,
        "select date < '2026-03-02', currency, local_currency from facts.fct_ads where locale = 'us' group by all",
    )
    assert set(spent) == {(True, "JPY", "JPY"), (False, "USD", "USD")}


def test_a_deal_in_a_currency_that_was_given_up_is_worth_what_the_law_says(
    project: DbtProject, warehouse: Path
) -> None:
    """FX-03, through the whole build: a lev of 2026."""
    assert build(
        project,
        warehouse,
        "insert into config.fixed_rates values ('BGN', '2026-01-01', 1.95583, 0.511291881196218485)",
        "insert into config.budget_rates"
        " values (2026, 'BGN', 1.95583, 0.511291881196218485, '2026-01-01', '2027-01-01')",
        "update landing.salesforce__opportunity set currency_iso_code = 'BGN' where currency_iso_code = 'EUR'",
    )
    lev = rows(warehouse, "select amount, amount_eur, amount_eur_constant from facts.fct_deals where currency = 'BGN'")
    assert lev
    assert all(abs(euros * Decimal("1.95583") - amount) < Decimal("1e-9") for amount, euros, _ in lev)
    assert all(euros == constant for _, euros, constant in lev)


def test_totals_in_further_currencies_are_the_sum_of_their_parts_within_what_is_rounded(
    project: DbtProject, warehouse: Path
) -> None:
    query = (
        "select kpi, period_type, period_start, sum(amount) filter (locale = 'total') as whole,"
        " sum(amount) filter (locale <> 'total') as parts, count(*) filter (locale <> 'total') as markets"
        " from marts.mart_amounts where business_line = 'all' group by all"
    )
    found = rows(warehouse, query)
    assert found
    assert all(abs(whole - parts) <= markets for *_, whole, parts, markets in found)
    assert min(start for _, _, start, *_ in found) >= date(2025, 12, 29)
