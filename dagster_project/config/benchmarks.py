"""What others reach: figures from outside the company, beside which a country's own can be put."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from dagster_project.config.base import Model
from dagster_project.config.periods import Period, PeriodType, bounds_of
from dagster_project.config.values import Currency

EVERYWHERE = "all"
"""As a locale: each country by itself. As a business line: all of them together."""


class BenchmarkFigure(Model):
    """One line of `benchmarks/*.csv`: what somebody named says that a KPI is, in a scope and a period."""

    kpi: str
    locale: str = EVERYWHERE
    business_line: str = EVERYWHERE
    period: Period
    value: Decimal = Field(ge=0, max_digits=28, decimal_places=10)
    currency: Currency | None = None
    source: str = Field(min_length=3, max_length=200)
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")

    def bounds(self, fiscal_year_start_month: int) -> tuple[PeriodType, date, date]:
        """(period type, first day, last day) of the figure's period."""
        return bounds_of(self.period, fiscal_year_start_month)
