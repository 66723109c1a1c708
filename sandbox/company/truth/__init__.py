"""The ground truth: the company's KPIs counted straight from its simulated people, visits and deals.

It shares nothing with the pipeline: it reads neither its configuration nor its tables, knows people by who they are
instead of by their addresses, keeps money in fractions and has its own parser of the ECB's file. What it shares with
the vendors' servers is `restatement`, the description of how GA4's numbers ripen.

Every function takes the company and an aware instant, and optionally the markets that are claimed (the twelve
configured ones by default). What has been worked out of the last two instants asked for is kept.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sandbox.company.locales import Locale
from sandbox.company.store import Company
from sandbox.company.truth import credit as _credit
from sandbox.company.truth import history as _history
from sandbox.company.truth import kpis as _kpis
from sandbox.company.truth import paths as _paths
from sandbox.company.truth import progress as _progress
from sandbox.company.truth import worth as _worth
from sandbox.company.truth.credit import Credit
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.history import Period, Reasons
from sandbox.company.truth.kpis import Day
from sandbox.company.truth.observation import Observation, at_six
from sandbox.company.truth.paths import Journey
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
    "Journey",
    "NoRate",
    "Observation",
    "Period",
    "Reasons",
    "SalesDay",
    "Sessions",
    "at_six",
    "attribution",
    "closed_periods",
    "cohorts",
    "daily_kpis",
    "journeys",
    "observe",
    "reasons",
    "rounded",
    "sales",
    "sessions",
    "stage_entries",
]

Markets = Sequence[Locale] | None


def observe(company: Company, now: datetime, markets: Markets = None) -> Observation:
    """The company at an instant; the same object when it is asked for again, so that nothing is counted twice."""
    return _observe(company, now, None if markets is None else tuple(markets))


@lru_cache(maxsize=2)
def _observe(company: Company, now: datetime, markets: tuple[Locale, ...] | None) -> Observation:
    return Observation(company, now, markets)


def stage_entries(company: Company, now: datetime, markets: Markets = None) -> list[Entry]:
    """Every stage entry there is, also those of no claimed market (`locale` None) or outside the counted days."""
    return observe(company, now, markets).entries


def daily_kpis(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Day]:
    """The six KPIs by market, business line and day; `budget_rates` maps (fiscal year, currency) to units per EUR."""
    return _kpis.daily_kpis(observe(company, now, markets), budget_rates)


def sales(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[SalesDay]:
    """Sales by market, business line, booking date and booked currency, with exact amounts."""
    return _worth.sales(observe(company, now, markets), budget_rates)


def sessions(company: Company, now: datetime, markets: Markets = None) -> list[Sessions]:
    """Sessions by market, business line and day, as GA4 shows them at `now`."""
    return observe(company, now, markets).sessions


def cohorts(company: Company, now: datetime, markets: Markets = None) -> list[Cohort]:
    """Cohorts by month, market, business line and pair of stages."""
    return _progress.cohorts(observe(company, now, markets))


def attribution(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Credit]:
    """Credit by market, business line, day of entry, stage, model, channel, campaign and content."""
    return _credit.attribution(observe(company, now, markets), budget_rates)


def journeys(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Journey]:
    """What came before every counted stage entry, and how long it took."""
    return _paths.journeys(observe(company, now, markets), budget_rates)


def closed_periods(company: Company, now: datetime, budget_rates: BudgetRates, markets: Markets = None) -> list[Period]:
    """Figures of every week, month, quarter and fiscal year that has ended, by market and business line, and in all."""
    return _history.closed_periods(observe(company, now, markets), budget_rates)


def reasons(company: Company, earlier: datetime, later: datetime, budget_rates: BudgetRates) -> Reasons:
    """Why figures of days that had ended at one instant were others at a later one."""
    return _history.reasons(observe(company, earlier), observe(company, later), budget_rates)
