"""What was promised: targets and their periods."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.periods import Period, PeriodType, bounds_of
from dagster_project.config.values import Currency, Email

_PERCENTAGE = re.compile(r"([+-]?\d{1,6}(?:\.\d{1,4})?)\s?%")
_GREATEST_GROWTH = 10
"""Elevenfold: beyond it, a value was taken for a change."""


class Target(Model):
    """What a country, a business line or the company has said it will reach in a period.

    `period` is `2026` (fiscal year), `2026-Q2` (quarter of the fiscal year) or `2026-04` (calendar month). The value of
    a relative target is the change against the same period last year (`0.1` or `10%`); `fixed` is what head office has
    made of it, and what counts from then on.
    """

    kpi: str
    locale: str
    business_line: str
    period: Period
    kind: Literal["absolute", "relative"] = "absolute"
    value: Decimal = Field(max_digits=18, decimal_places=6)
    fixed: Decimal | None = Field(default=None, gt=0, max_digits=18, decimal_places=6)
    currency: Currency | None = None
    owner: Email
    status: Literal["proposed", "accepted"]

    @field_validator("value", "fixed", mode="before")
    @classmethod
    def _read_percentage(cls, value: object) -> object:
        match = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
        return Decimal(match[1]) / 100 if match else value

    @field_validator("value")
    @classmethod
    def _has_a_size_that_fits_its_kind(cls, value: Decimal, info: ValidationInfo) -> Decimal:
        if info.data.get("kind") == "relative":
            if not -1 < value <= _GREATEST_GROWTH:
                raise PydanticCustomError("not_allowed", "a change against last year such as 0.1, 10% or -5%")
        elif value <= 0:
            raise PydanticCustomError("not_allowed", "a value above 0; of a change against last year, kind is relative")
        return value

    @field_validator("fixed")
    @classmethod
    def _is_of_a_relative_target(cls, fixed: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if fixed is not None and info.data.get("kind") == "absolute":
            raise PydanticCustomError("not_allowed", "nothing, since only a relative target waits to be fixed")
        return fixed

    def bounds(self, fiscal_year_start_month: int) -> tuple[PeriodType, date, date]:
        """(period type, first day, last day) of the target's period."""
        return bounds_of(self.period, fiscal_year_start_month)
