"""Periods that had ended, and why they looked otherwise later, in companies made by hand."""

from datetime import date

from sandbox.company.records import Mailbox
from sandbox.company.truth.history import closed_periods, periods_of, reasons
from tests.sandbox.hand_made import Play, instant

BEFORE, NOW = "2026-06-29", "2026-07-01"


def test_a_day_is_in_an_iso_week_a_month_a_quarter_and_a_fiscal_year() -> None:
    assert list(periods_of(date(2026, 1, 1))) == [
        ("week", date(2025, 12, 29), date(2026, 1, 4)),
        ("month", date(2026, 1, 1), date(2026, 1, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("fiscal_year", date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert list(periods_of(date(2026, 12, 31)))[2] == ("quarter", date(2026, 10, 1), date(2026, 12, 31))


def test_a_period_is_closed_when_its_last_day_has_ended_and_the_total_when_it_has_everywhere() -> None:
    play = Play()
    play.lead("2026-06-30 10:00")
    # At six in the morning (UTC) the last of June has ended in Amsterdam; in Los Angeles it is still running.
    closed = {period[:4]: period for period in closed_periods(play.look(NOW), {})}
    june = date(2026, 6, 1)
    assert closed["nl", "sensors", "month", june].counts == (0, 1, 0, 0, 0, 0)
    assert closed["nl", "all", "quarter", date(2026, 4, 1)].counts == (0, 1, 0, 0, 0, 0)
    assert closed["nl", "services", "month", june].counts == (0, 0, 0, 0, 0, 0)
    assert ("us", "all", "month", june) not in closed
    assert ("total", "all", "month", june) not in closed
    assert ("nl", "all", "fiscal_year", date(2026, 1, 1)) not in closed
    assert closed["total", "all", "month", date(2026, 5, 1)].counts == (0, 0, 0, 0, 0, 0)


def test_a_lead_that_we_are_told_of_late_is_late_data() -> None:
    play = Play()
    play.lead("2026-06-30 10:00", created_at="2026-05-05 10:00")
    found = reasons(play.look(BEFORE), play.look(NOW), {})
    assert found == {("nl", "sensors", date(2026, 5, 5), "first_identifiers"): {"late_data"}}


def test_two_prospects_who_turn_out_to_be_one_are_a_merge() -> None:
    play = Play()
    play.lead("2026-05-05 10:00", mailbox=1)
    other = play.lead("2026-05-06 10:00", mailbox=2)
    other.update(instant("2026-06-30 10:00"), email=Mailbox(1, "p1@a.example"))
    found = reasons(play.look(BEFORE), play.look(NOW), {})
    assert found == {("nl", "sensors", date(2026, 5, 6), "first_identifiers"): {"merge"}}


def test_a_deal_worth_something_else_is_late_data_of_its_amount_alone() -> None:
    play = Play()
    deal = play.deal([("2026-05-04 08:00", "won")], close="2026-05-05")
    deal.update(instant("2026-06-30 10:00"), amount=50_000)
    found = reasons(play.look(BEFORE), play.look(NOW), {})
    assert found == {("nl", "sensors", date(2026, 5, 5), "sales_amount"): {"late_data"}}


def test_sessions_that_ripen_are_restated() -> None:
    play = Play()
    play.traffic("2026-06-27", "/sensoren", 100)
    assert reasons(play.look("2026-06-28"), play.look(NOW), {}) == {
        ("nl", "sensors", date(2026, 6, 27), "sessions"): {"restatement"}
    }
    assert reasons(play.look("2026-07-01"), play.look("2026-07-02"), {}) == {}
