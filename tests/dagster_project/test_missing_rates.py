"""What has no rate is told by deal, currency and day, with what to do about it."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from dagster_project.lib.diagnosis import examine_money
from dagster_project.lib.marts import marts_file
from dagster_project.lib.missing_rates import MoneyWithoutRates, missing_rates
from dagster_project.settings import Settings


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """Two markets, one deal that is well, and rates of the rouble until it was suspended."""
    path = tmp_path / "data" / "warehouse" / "trechter.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(path) as connection:
        for statement in (
            f"ATTACH '{marts_file(path)}' AS marts",
            "CREATE SCHEMA facts; CREATE SCHEMA config; CREATE SCHEMA intermediate",
            "CREATE TABLE config.build AS SELECT 'ecb' AS fx_policy, NULL::VARCHAR AS fx_connection",
            "CREATE TABLE config.reporting_currencies (currency VARCHAR)",
            "CREATE TABLE intermediate.int_exchange_rates_daily AS SELECT 'RUB' AS currency, DATE '2022-03-08' AS date",
            "CREATE TABLE marts.mart_locales AS SELECT * FROM"
            " (VALUES ('nl', DATE '2022-01-01', DATE '2022-06-30', 'EUR'),"
            " ('jp', DATE '2022-05-02', DATE '2022-06-30', 'XTS'))"
            " AS locales (locale, go_live_date, as_of_date, currency)",
            "CREATE TABLE facts.fct_deals AS SELECT 'D0' AS opportunity_id, 'nl' AS locale, DATE '2022-05-01' AS"
            " close_date, 'EUR' AS currency, 'EUR' AS local_currency, 5.0 AS amount, 5.0 AS amount_local,"
            " 5.0 AS amount_eur, 5.0 AS amount_eur_constant",
            "CREATE TABLE facts.fct_ads AS SELECT 'nl' AS locale, DATE '2022-05-01' AS date, 'EUR' AS currency,"
            " 'EUR' AS local_currency, 1.0 AS amount, 1.0 AS amount_local, 1.0 AS amount_eur,"
            " 1.0 AS amount_eur_constant",
        ):
            connection.execute(statement)
    return path


def deal(warehouse: Path, name: str, **fields: object) -> None:
    """A deal like the one that is well, but for some fields."""
    with duckdb.connect(warehouse) as connection:
        columns = ", ".join(f"? AS {column}" for column in ("opportunity_id", *fields))
        connection.execute(
            f"INSERT INTO facts.fct_deals SELECT * REPLACE ({columns}) FROM facts.fct_deals"
            " WHERE opportunity_id = 'D0'",
            [name, *fields.values()],
        )


def said(warehouse: Path) -> list[str]:
    return [str(one) for one in missing_rates(warehouse)]


def test_nothing_is_said_where_all_money_has_a_rate(warehouse: Path) -> None:
    assert said(warehouse) == []


def test_nothing_is_said_of_deals_that_no_mart_counts_or_that_have_no_amount(warehouse: Path) -> None:
    deal(warehouse, "D1", currency="RUB", close_date=date(2021, 12, 31), amount_eur=None, amount_local=None)
    deal(warehouse, "D2", currency="RUB", close_date=date(2022, 7, 1), amount_eur=None, amount_local=None)
    deal(warehouse, "D3", currency="RUB", amount=None, amount_eur=None, amount_local=None)
    assert said(warehouse) == []


def test_deals_in_a_suspended_currency_are_named_with_their_days_and_its_last_rate(warehouse: Path) -> None:
    for name, day in (("D1", date(2022, 3, 9)), ("D2", date(2022, 4, 1))):
        deal(warehouse, name, currency="RUB", close_date=day, amount_eur=None, amount_local=None)
    assert said(warehouse) == [
        "The European Central Bank has no rate of RUB for 2022-03-09 to 2022-04-01; the last one served until"
        " 2022-03-08. It is needed for 2 deals: D1 (2022-03-09), D2 (2022-04-01). Book them in a currency that has one,"
        " or choose another source of rates (`fx` in config/project.yml)."
    ]


def test_a_missing_budget_rate_is_another_mistake_with_another_remedy(warehouse: Path) -> None:
    deal(warehouse, "D1", currency="NOK", amount_eur_constant=None)
    assert said(warehouse) == [
        "config/fx/budget_rates.csv has no rate of NOK for the fiscal year of 2022-05-01."
        " It is needed for 1 deal: D1 (2022-05-01). Add it."
    ]


def test_what_a_market_reckons_in_may_be_what_has_no_rate(warehouse: Path) -> None:
    day = date(2022, 5, 2)
    deal(warehouse, "D1", locale="jp", local_currency="XTS", amount_local=None, close_date=day)
    # Another market's, on a day when this one was live: it may be of a customer, or a lead, of this one.
    deal(warehouse, "D2", close_date=day)
    [found] = missing_rates(warehouse)
    assert (found.currency, found.rate, found.names) == ("XTS", "date", ("D1 (2022-05-02)", "D2 (2022-05-02)"))
    assert "nor has it ever had one" in str(found)


def test_a_deal_without_a_currency_is_told_so(warehouse: Path) -> None:
    deal(warehouse, "D1", currency=None, amount_local=None, amount_eur=None, amount_eur_constant=None)
    assert all("Give them one in the CRM." in one for one in said(warehouse))


def test_of_many_deals_twenty_are_named_and_the_rest_counted(warehouse: Path) -> None:
    for number in range(25):
        deal(warehouse, f"D{number:02}", currency="RUB", amount_eur=None, amount_local=None)
    [found] = said(warehouse)
    assert "25 deals" in found
    assert "and 5 more" in found


def test_spend_without_a_rate_is_told_by_day(warehouse: Path) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.execute("UPDATE facts.fct_ads SET currency = 'RUB', amount_eur = NULL")
    [found] = said(warehouse)
    assert "1 day of advertising: nl (2022-05-01)" in found


def test_what_head_office_reports_in_needs_rates_too(warehouse: Path) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.execute("INSERT INTO config.reporting_currencies VALUES ('RUB')")
    assert [(one.currency, one.kind, one.names) for one in missing_rates(warehouse)] == [
        ("RUB", "day of advertising", ("nl (2022-05-01)",)),
        ("RUB", "deal", ("D0 (2022-05-01)",)),
    ]


def test_the_source_that_was_asked_is_named(warehouse: Path) -> None:
    with duckdb.connect(warehouse) as connection:
        connection.execute("UPDATE config.build SET fx_policy = 'crm', fx_connection = 'salesforce_global'")
    deal(warehouse, "D1", currency="NOK", amount_eur=None, amount_local=None)
    assert said(warehouse)[0].startswith("The org salesforce_global has no rate of NOK")


def test_a_working_database_that_has_come_less_far_says_nothing(tmp_path: Path) -> None:
    duckdb.connect(tmp_path / "new.duckdb").close()
    assert missing_rates(tmp_path / "new.duckdb") == []


def test_the_error_lists_all_and_what_dbt_said(warehouse: Path) -> None:
    deal(warehouse, "D1", currency="RUB", amount_eur=None, amount_local=None)
    error = MoneyWithoutRates(missing_rates(warehouse), "dbt failed")
    assert str(error).startswith("Not published: The European Central Bank has no rate of RUB")
    assert str(error).endswith("dbt failed")


def test_the_doctor_says_so_too(warehouse: Path, tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "data")
    assert [finding.is_well for finding in examine_money(settings)] == [True]
    deal(warehouse, "D1", currency="RUB", amount_eur=None, amount_local=None)
    [finding] = examine_money(settings)
    assert (finding.subject, finding.is_well) == ("exchange rates RUB", False)
