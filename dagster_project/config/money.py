"""What head office and the countries say about money: whose rates are used, and which currency is whose, since when."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.values import Currency

EURO = "EUR"
"""All rates are units per euro, and cross rates go through it: the European Central Bank quotes nothing else."""


class Fx(Model):
    """Where the rate of a date comes from, for the whole company: the European Central Bank (`ecb`), the dated rates of
    one CRM org (`crm`, with its `connection`), or head office's budget rates (`budget`)."""

    policy: Literal["ecb", "crm", "budget"] = "ecb"
    connection: str | None = None

    @model_validator(mode="after")
    def _names_an_org_for_its_rates(self) -> "Fx":
        if (self.policy == "crm") != (self.connection is not None):
            raise PydanticCustomError(
                "not_allowed", "connection with policy crm, where it names the org whose dated rates are used"
            )
        return self


class FormerCurrency(Model):
    """A currency a country used to report in, and the last day on which it did."""

    currency: Currency
    until: date


class BudgetRate(Model):
    """Head office's rate for a fiscal year: units of the currency for one of the reporting currency. One that is far
    from the market's has a `reason`."""

    fiscal_year: int = Field(ge=1999, le=2100)
    currency: Currency
    rate: Decimal = Field(gt=0, max_digits=18, decimal_places=6)
    reason: str | None = None


class FixedRate(Model):
    """The rate at which a currency was given up for the euro, for good, from a day on: what the regulation says."""

    currency: Currency
    fixed_from: date
    rate: Decimal = Field(gt=0, max_digits=18, decimal_places=6)
    source: str


def spans(currency: str, former: tuple[FormerCurrency, ...]) -> list[tuple[str, date, date]]:
    """(currency, first day, last day) of a country, oldest first; the currency it has now is without an end."""
    found, first = [], date.min
    for one in former:
        found.append((one.currency, first, one.until))
        first = date.fromordinal(one.until.toordinal() + 1)
    return [*found, (currency, first, date.max)]
