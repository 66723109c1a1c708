"""Public holidays and weekends are the country's own."""

from __future__ import annotations

from datetime import date

from dagster_project.lib.calendars import holidays_of, weekend_of


def test_holidays_are_called_what_the_locale_calls_them() -> None:
    assert dict(holidays_of("BE", "fr", 2026, 2026))[date(2026, 7, 21)] == "Fête nationale"
    assert dict(holidays_of("BE", "nl", 2026, 2026))[date(2026, 7, 21)] == "Nationale feestdag"
    assert dict(holidays_of("BR", "pt", 2026, 2026))[date(2026, 9, 7)] == "Independência do Brasil"


def test_a_language_the_country_has_no_names_in_gets_the_countrys_own() -> None:
    assert dict(holidays_of("NL", "en", 2026, 2026))[date(2026, 4, 27)] == "Koningsdag"


def test_holidays_come_in_order_for_every_year_asked_for() -> None:
    days = [day for day, _ in holidays_of("JP", "ja", 2025, 2027)]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2025, 2026, 2027}


def test_a_country_whose_holidays_nobody_knows_has_none() -> None:
    assert list(holidays_of("AC", "en", 2026, 2026)) == []


def test_a_weekend_is_not_the_same_everywhere() -> None:
    assert weekend_of("NL") == (6, 7)
    assert weekend_of("SA") == (5, 6)
    assert weekend_of("IR") == (5, 5)
