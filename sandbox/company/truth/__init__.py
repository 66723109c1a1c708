"""The ground truth: the company's KPIs counted straight from its simulated people, visits and deals.

It shares nothing with the pipeline: it reads neither its configuration nor its tables, knows people by who they are
instead of by their addresses, keeps money in fractions and has its own parser of the ECB's file. What it shares with
the vendors' servers is `restatement`, the description of how GA4's numbers ripen.

Every function takes the company and an aware instant, and optionally the markets that are claimed (the twelve
configured ones by default). Use one `Observation` to ask for several things of the same instant.
"""

from collections.abc import Sequence
from datetime import datetime

from sandbox.company.locales import Locale
from sandbox.company.store import Company
from sandbox.company.truth import credit as _credit
from sandbox.company.truth import kpis as _kpis
from sandbox.company.truth import progress as _progress
from sandbox.company.truth import worth as _worth
from sandbox.company.truth.credit import Credit
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.kpis import Day
from sandbox.company.truth.observation import Observation, at_six
from sandbox.company.truth.progress import Cohort
from sandbox.company.truth.rates import BudgetRates, NoRate, rounded
from sandbox.company.truth.web import Sessions
from sandbox.company.truth.worth import SalesDay

__all__ = [
    "BudgetRates",
    "Cohort",
    "Credit",
    "Day",
    "Entry",
    "NoRate",
    "Observation",
    "SalesDay",
    "Sessions",
    "at_six",
    "attribution",
    "cohorts",
    "daily_kpis",
    "rounded",
    "sales",
    "sessions",
    "stage_entries",
]

Markets = Sequence[Locale] | None


def stage_entries(company: Company, now: datetime, markets: Markets = None) -> list[Entry]:
    """Every stage entry there is, also those of no claimed market (`locale` None) or outside the counted days."""
    return Observation(company, now, markets).entries


def daily_kpis(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Day]:
    """The six KPIs by market, business line and day; `budget_rates` maps (fiscal year, currency) to units per EUR."""
    return _kpis.daily_kpis(Observation(company, now, markets), budget_rates)


def sales(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[SalesDay]:
    """Sales by market, business line, booking date and booked currency, with exact amounts."""
    return _worth.sales(Observation(company, now, markets), budget_rates)


def sessions(company: Company, now: datetime, markets: Markets = None) -> list[Sessions]:
    """Sessions by market, business line and day, as GA4 shows them at `now`."""
    return Observation(company, now, markets).sessions


def cohorts(company: Company, now: datetime, markets: Markets = None) -> list[Cohort]:
    """Cohorts by month, market, business line and pair of stages."""
    return _progress.cohorts(Observation(company, now, markets))


def attribution(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Credit]:
    """Credit by market, business line, month of entry, stage, model, channel and campaign."""
    return _credit.attribution(Observation(company, now, markets), budget_rates)
