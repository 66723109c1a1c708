"""Periods as people write them: `2026` (fiscal year), `2026-Q2` (quarter of it) or `2026-04` (calendar month)."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

PeriodType = Literal["month", "quarter", "fiscal_year"]

_PERIOD = re.compile(r"(?P<year>20\d\d)(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def _known_period(value: str) -> str:
    if not _PERIOD.fullmatch(value):
        raise PydanticCustomError("not_allowed", "a fiscal year (2026), a quarter (2026-Q2) or a month (2026-04)")
    return value


Period = Annotated[str, AfterValidator(_known_period)]


def bounds_of(period: str, fiscal_year_start_month: int) -> tuple[PeriodType, date, date]:
    """(period type, first day, last day) of a period."""
    match = _PERIOD.fullmatch(period)
    assert match is not None, "pydantic has checked the pattern"
    year = int(match["year"])
    if match["month"]:
        return "month", date(year, int(match["month"]), 1), _last_day(year, int(match["month"]), 1)
    if match["quarter"]:
        first = fiscal_year_start_month + 3 * (int(match["quarter"]) - 1)
        return "quarter", _month(year, first), _last_day(year, first, 3)
    return "fiscal_year", _month(year, fiscal_year_start_month), _last_day(year, fiscal_year_start_month, 12)


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_day(year: int, month: int, length: int) -> date:
    return date.fromordinal(_month(year, month + length).toordinal() - 1)
