"""Checked value types of the configuration. Each error says what is allowed, in the reader's words."""

import re
from datetime import date
from difflib import get_close_matches
from typing import Annotated
from zoneinfo import available_timezones

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

LOCALE_CODE = re.compile(r"[a-z]{2}(-[a-z0-9]{2,8})?")
_ENVIRONMENT_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_SALESFORCE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def suggestion(found: str, known: list[str]) -> str:
    """` (did you mean X?)` when something close is known, else nothing."""
    close = get_close_matches(found, known, n=1, cutoff=0.6)
    return f" (did you mean {close[0]}?)" if close else ""


def _refuse(allowed: str) -> PydanticCustomError:
    return PydanticCustomError("not_allowed", "{allowed}", {"allowed": allowed})


def _locale_code(value: str) -> str:
    if not LOCALE_CODE.fullmatch(value):
        raise _refuse("two small letters, or two and a suffix: nl, be-fr (it names folders, so nothing else)")
    return value


def _currency(value: str) -> str:
    if value not in currency_codes():
        raise _refuse("an ISO 4217 code such as EUR" + suggestion(value, sorted(currency_codes())))
    return value


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise _refuse("an IANA time zone such as Europe/Amsterdam" + suggestion(value, sorted(available_timezones())))
    return value


def _country(value: str) -> str:
    if value not in get_global("territory_languages"):
        raise _refuse("an ISO 3166 country code such as NL")
    return value


def _language(value: str) -> str:
    try:
        BabelLocale.parse(value)
    except (ValueError, UnknownLocaleError):
        raise _refuse("an ISO 639 language code such as nl") from None
    return value


def _environment_name(value: str) -> str:
    if not _ENVIRONMENT_NAME.fullmatch(value):
        raise _refuse("the name of an environment variable, in capitals; never the secret itself")
    return value


def _salesforce_name(value: str) -> str:
    if not _SALESFORCE_NAME.fullmatch(value):
        raise _refuse("a Salesforce API name: letters, digits and underscores, such as Locale__c")
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise _refuse("an e-mail address")
    return value


def _property_id(value: str) -> str:
    if not value.isdigit():
        raise _refuse('a GA4 property number in quotes, such as "310000001" (not a G- measurement id)')
    return value


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise _refuse("a host such as www.acme.example, without https:// and without a path")
    return value


def currency_codes() -> frozenset[str]:
    """The currencies that are or were legal tender somewhere, from the CLDR data that Babel ships."""
    territories = get_global("territory_currencies")
    return frozenset(entry[0] for entries in territories.values() for entry in entries)


def fiscal_year_of(day: date, start_month: int) -> int:
    """The fiscal year a day is in, named after the calendar year it starts in."""
    return day.year if day.month >= start_month else day.year - 1


LocaleCode = Annotated[str, AfterValidator(_locale_code)]
Currency = Annotated[str, AfterValidator(_currency)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Country = Annotated[str, AfterValidator(_country)]
Language = Annotated[str, AfterValidator(_language)]
EnvironmentName = Annotated[str, AfterValidator(_environment_name)]
SalesforceName = Annotated[str, AfterValidator(_salesforce_name)]
Email = Annotated[str, AfterValidator(_email)]
Host = Annotated[str, AfterValidator(_host)]
PropertyId = Annotated[str, AfterValidator(_property_id)]
