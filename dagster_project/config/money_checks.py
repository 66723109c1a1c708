"""Mistakes about money that only show when files are read side by side."""

from collections.abc import Iterator
from datetime import date

from dagster_project.config.accounts import SalesforceConnection
from dagster_project.config.cross_checks import Note
from dagster_project.config.models import Config
from dagster_project.config.money import EURO, BudgetRate, FixedRate
from dagster_project.config.values import suggestion

BUDGET_FILE = "fx/budget_rates.csv"
FIXED_FILE = "fx/fixed_rates.csv"


def check_fx(config: Config, note: Note) -> None:
    """The org whose dated rates are used exists and can have some; further reporting currencies are others, once."""
    fx, project = config.project.fx, config.project
    orgs = [name for name, one in config.connections.items() if isinstance(one, SalesforceConnection)]
    if fx.connection is not None:
        org = config.connections.get(fx.connection)
        if not isinstance(org, SalesforceConnection):
            allowed = f"one of {', '.join(orgs)}{suggestion(fx.connection, orgs)}"
            note("project.yml", ("fx", "connection"), fx.connection, allowed)
        elif org.currency is not None:
            rule = f"an org of several currencies: by connections.yml this one has {org.currency} only"
            note("project.yml", ("fx", "connection"), fx.connection, rule)
    seen = {project.reporting_currency}
    for position, currency in enumerate(project.further_reporting_currencies):
        if currency in seen:
            note("project.yml", ("further_reporting_currencies", position), currency, "each currency once")
        seen.add(currency)


def check_fixed_rates(rates: list[tuple[str, int, FixedRate]], note: Note) -> None:
    """One rate a currency, since the euro exists; the euro itself is not given up."""
    seen: dict[str, int] = {}
    for file, line, rate in rates:
        if rate.currency == EURO:
            note(file, (line, "currency"), rate.currency, "currencies that were given up for the euro")
        if rate.fixed_from < date(1999, 1, 1):
            note(file, (line, "fixed_from"), rate.fixed_from, "1999-01-01, when the euro began, or later")
        first = seen.setdefault(rate.currency, line)
        if first != line:
            note(file, (line, "currency"), rate.currency, f"each currency once; it stands in line {first}, too")


def check_budget_rates(config: Config, rates: list[tuple[str, int, BudgetRate]], note: Note) -> None:
    """One rate a currency and year, none where the law has fixed one; and one for every currency that is known to be
    needed in each year that any rate is given for."""
    month = config.project.fiscal_year_start_month
    seen: dict[tuple[int, str], int] = {}
    for file, line, rate in rates:
        if rate.currency == config.project.reporting_currency:
            rule = "currencies other than the reporting currency, which is always 1"
            note(file, (line, "currency"), rate.currency, rule)
        fixed = config.fixed_from.get(rate.currency)
        if fixed is not None and fixed <= date(rate.fiscal_year, month, 1):
            rule = f"no rate of what was given up by then: {FIXED_FILE} has the one that is fixed since {fixed}"
            note(file, (line, "currency"), rate.currency, rule)
        first = seen.setdefault((rate.fiscal_year, rate.currency), line)
        if first != line:
            found = f"{rate.currency} for {rate.fiscal_year} a second time"
            note(file, (line, "currency"), found, f"each currency once a fiscal year; the other is line {first}")
    for year in sorted({rate.fiscal_year for _, _, rate in rates}):
        for currency, user in _needed(config, year):
            if (year, currency) not in seen:
                found = f"no {currency} for {year}"
                note(BUDGET_FILE, (1, "rate"), found, f"a rate of every currency in use: {user} {currency}")


def _needed(config: Config, year: int) -> Iterator[tuple[str, str]]:
    """(currency, who needs it) of the currencies that need a budget rate in a fiscal year."""
    month = config.project.fiscal_year_start_month
    first, following = date(year, month, 1), date(year + 1, month, 1)
    wanted: dict[str, str] = {}
    for locale in config.locales.values():
        for currency, since, until in locale.currencies:
            if max(since, locale.go_live) < following and until >= first:
                wanted.setdefault(currency, f"{locale.locale} uses")
    for name, connection in config.connections.items():
        if isinstance(connection, SalesforceConnection) and connection.currency:
            wanted.setdefault(connection.currency, f"{name} books in")
    for currency in config.project.further_reporting_currencies:
        wanted.setdefault(currency, "project.yml reports in")
    for currency, user in wanted.items():
        fixed = config.fixed_from.get(currency)
        if currency not in (EURO, config.project.reporting_currency) and (fixed is None or fixed > first):
            yield currency, user
