"""What is found, from which day on, and what is believed to be as it should be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.signals.figures import Company, from_day

BREAK = date(2026, 6, 10)
OTHERS = ("de", "uk", "fr", "se")


def test_a_break_is_found_on_its_first_day_and_over_when_it_is_over() -> None:
    (found,) = Company().sessions("nl", from_day(BREAK, 0.4, BREAK + timedelta(days=4))).found()
    assert (found["signal_direction"], found["signal_status"]) == ("below", "recovered")
    assert found["since_date"] == found["first_seen_date"] == BREAK
    assert found["last_seen_date"] == BREAK + timedelta(days=4)
    assert found["recovered_date"] == BREAK + timedelta(days=5)
    assert found["actual_figure"] == pytest.approx(found["expected_figure"] * 0.4, rel=0.1)


def test_what_goes_on_is_open() -> None:
    (found,) = Company().sessions("nl", from_day(BREAK, 3)).found()
    assert (found["signal_direction"], found["signal_status"]) == ("above", "open")
    assert found["recovered_date"] is None


def test_weekends_and_chance_are_nothing_out_of_the_ordinary() -> None:
    company = Company()
    for locale in ("nl", *OTHERS):
        company.sessions(locale).watch("kpi_deviation", locale, "mqls", 3)
        company.watch("tracking_coverage", locale, "tracking_coverage", 6, out_of=10)
    assert company.found() == []


def test_few_events_take_two_days_to_say_something() -> None:
    (found,) = Company().watch("kpi_deviation", "nl", "first_identifiers", 6, from_day(BREAK, 0)).found()
    assert found["since_date"] == BREAK
    assert BREAK < found["first_seen_date"] <= BREAK + timedelta(days=2)


def test_a_season_that_all_countries_share_is_no_signal() -> None:
    company = Company()
    for locale in ("nl", *OTHERS):
        company.sessions(locale, from_day(BREAK, 0.68))
    assert company.found() == []


def test_what_breaks_in_all_countries_at_once_is_found_in_each() -> None:
    company = Company()
    for locale in ("nl", *OTHERS):
        company.sessions(locale, from_day(BREAK, 0.2))
    assert {found["locale"] for found in company.found()} == {"nl", *OTHERS}


def test_a_holiday_may_be_as_quiet_as_a_sunday_but_not_silent() -> None:
    quiet = Company().sessions("nl", from_day(BREAK, 0.5, BREAK))
    assert [found["since_date"] for found in quiet.found()] == [BREAK]
    quiet.holidays.append(("nl", BREAK))
    assert quiet.found() == []
    silent = Company().sessions("nl", from_day(BREAK, 0, BREAK))
    silent.holidays.append(("nl", BREAK))
    assert [found["since_date"] for found in silent.found()] == [BREAK]


def test_a_day_that_google_has_not_finished_may_be_low_but_not_empty() -> None:
    last = date(2026, 6, 30)
    young = Company().sessions("nl", from_day(last, 0.62)).unfinished_from("nl", last)
    assert young.found() == []
    assert Company().sessions("nl", from_day(last, 0.62)).found() != []
    assert Company().sessions("nl", from_day(last, 0.2)).unfinished_from("nl", last).found() != []


def test_a_new_level_is_usual_after_four_weeks() -> None:
    (found,) = Company().sessions("nl", from_day(date(2026, 5, 10), 0.6)).found()
    assert found["signal_status"] == "settled"
    assert found["recovered_date"] == date(2026, 6, 7)


def test_nothing_at_all_is_never_usual() -> None:
    (found,) = Company().sessions("nl", from_day(date(2026, 5, 10), 0)).found()
    assert found["signal_status"] == "open"


def test_a_country_that_has_just_gone_live_has_nothing_to_compare_with() -> None:
    company = Company().sessions("nl", from_day(BREAK, 0.4, BREAK + timedelta(days=4)))
    company.reach["nl"] = ("nl", date(2026, 5, 1), company.last, None)
    assert company.found() == []


def test_lost_consent_is_a_fall_of_tracking_coverage_and_more_of_it_is_no_signal() -> None:
    (found,) = Company().watch("tracking_coverage", "nl", "t", 6, from_day(BREAK, 0), out_of=10).found()
    assert (found["signal_kind"], found["signal_direction"]) == ("tracking_coverage", "below")
    assert found["figure_base"] > found["expected_figure"] > found["actual_figure"] == 0
    assert Company().watch("tracking_coverage", "nl", "t", 3, from_day(BREAK, 3), out_of=10).found() == []


def test_a_campaign_whose_leads_are_turned_away_is_found_beside_others_of_its_country() -> None:
    company = Company().watch("lead_quality", "nl", "mqls", 1.5, out_of=10, subject="NL-2026Q2-SEA-AUT-01")
    company.watch("lead_quality", "nl", "mqls", 1.2, from_day(BREAK, 6), out_of=8, subject="NL-2026Q2-SOC-AUT-01")
    (found,) = company.found()
    assert found["subject"] == "NL-2026Q2-SOC-AUT-01"
    assert abs((found["since_date"] - BREAK).days) <= 2


def test_of_many_campaigns_the_one_that_is_bad_is_found_and_the_small_ones_are_taken_together() -> None:
    company = Company()
    for number in range(60):
        company.watch("lead_quality", "nl", "mqls", 0.15, out_of=1, subject=f"NL-2026Q2-SEA-AUT-{number:02d}")
    company.watch("lead_quality", "nl", "mqls", 1.2, from_day(BREAK, 6), out_of=8, subject="NL-2026Q2-SOC-AUT-01")
    assert [found["subject"] for found in company.found()] == ["NL-2026Q2-SOC-AUT-01"]


def test_leads_that_wait_too_long_are_found_and_so_is_silence() -> None:
    company = Company().watch("late_follow_up", "nl", "r", 2.5, from_day(BREAK, 2), out_of=5)
    company.watch("missing_follow_up", "nl", "r", 5, from_day(BREAK, 0))
    assert {found["signal_kind"] for found in company.found()} == {"late_follow_up", "missing_follow_up"}


def test_a_tenth_of_spend_may_be_uncoded_and_what_is_beyond_is_a_signal_from_the_first_day_on() -> None:
    company = Company().watch("uncoded_spend", "nl", "c", 5, out_of=500)
    assert company.found() == []
    (found,) = Company().watch("uncoded_spend", "nl", "c", 5, from_day(BREAK, 40), out_of=500).found()
    assert found["since_date"] == found["first_seen_date"] == BREAK


def test_each_day_finds_what_the_days_before_it_found() -> None:
    """A build of everything says what each day's build said."""
    change = from_day(BREAK, 0.4, BREAK + timedelta(days=6))
    whole = Company().sessions("nl", change).found()
    until_then = [Company(BREAK + timedelta(days=days)).sessions("nl", change).found() for days in range(6)]
    assert all(one["since_date"] == whole[0]["since_date"] for (one,) in until_then)
    assert all(one["first_seen_date"] == whole[0]["first_seen_date"] for (one,) in until_then)


def test_nothing_to_watch_is_nothing_found() -> None:
    company = Company().sessions("nl")
    company.rows = company.rows[:1]
    company.reach["nl"] = ("nl", date(2026, 1, 1), None, None)
    assert company.found() == []
