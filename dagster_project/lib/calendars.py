"""When a country does not work: its public holidays, in the language of the locale, and its weekend."""

from collections.abc import Iterator
from datetime import date

from babel import Locale, UnknownLocaleError


def holidays_of(country: str, language: str, first_year: int, last_year: int) -> Iterator[tuple[date, str]]:
    """The public holidays of a country in the years from first to last, in order: (day, name).

    Those of the whole country only: what one region celebrates is left out. The name is in the locale's language where
    the country has one for it, else in the country's own. A country that nobody knows the holidays of has none.
    """
    import holidays  # waits until it is needed: it costs a sixth of a second

    if country not in holidays.list_supported_countries():
        return
    known = getattr(holidays, country)
    spoken = {one.split("_")[0]: one for one in known.supported_languages if one != "en_US"}
    name_language = spoken.get(language[:2], known.default_language)  # else it depends on the machine's
    calendar = holidays.country_holidays(country, years=range(first_year, last_year + 1), language=name_language)
    yield from sorted(calendar.items())


def weekend_of(country: str) -> tuple[int, int]:
    """The first and last day of a country's weekend, 1 for Monday, as Unicode's CLDR has them."""
    try:
        territory = Locale.parse(f"und_{country}")
    except UnknownLocaleError:
        return 6, 7
    return territory.weekend_start + 1, territory.weekend_end + 1
