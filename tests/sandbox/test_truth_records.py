"""Responses, deals and gaps in the CRM's memory: one rule a test, with the answer worked out on paper."""

from datetime import date

import pytest

from tests.sandbox.hand_made import Play, instant, local


def test_a_response_counts_from_the_start_of_its_local_day() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.response(lead, "2026-03-10", play.campaign())
    entry = play.entries()[1, "second_identifier"]
    assert local(entry) == "2026-03-09 23:00"
    assert entry.entered_date == date(2026, 3, 10)


def test_a_response_on_the_day_we_first_knew_somebody_counts_from_that_moment() -> None:
    play = Play()
    lead = play.lead("2026-03-10 10:00")
    play.response(lead, "2026-03-10", play.campaign())
    entries = play.entries()
    assert local(entries[1, "second_identifier"]) == "2026-03-10 10:00"
    assert not entries[1, "second_identifier"].is_imputed


def test_a_response_from_before_the_lead_makes_the_person_known_earlier() -> None:
    play = Play()
    lead = play.lead("2026-03-10 10:00")
    play.response(lead, "2026-03-05", play.campaign())
    entries = play.entries()
    assert entries[1, "first_identifier"].entered_date == date(2026, 3, 5)
    assert entries[1, "first_identifier"].is_imputed


@pytest.mark.parametrize(
    ("locale", "type_name", "counts"),
    [
        ("nl", "Event", True),
        ("us", "Event", False),
        ("jp", "Seminar", True),
        ("nl", "Seminar", False),
        ("nl", "Email", False),
    ],
)
def test_only_the_markets_own_campaign_types_identify(locale: str, type_name: str, counts: bool) -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", locale)
    play.response(lead, "2026-03-10", play.campaign(type_name))
    assert ((1, "second_identifier") in play.entries()) is counts


def test_a_contacts_response_has_no_business_line() -> None:
    play = Play()
    contact = play.contact("2026-03-01 10:00")
    play.response(contact, "2026-03-10", play.campaign())
    assert play.entries()[1, "second_identifier"].business_line == "unmapped"


def test_a_deleted_response_and_a_deleted_campaign_count_for_nothing() -> None:
    play = Play()
    lead, campaign = play.lead("2026-03-01 10:00"), play.campaign()
    first = play.response(lead, "2026-03-10", campaign)
    play.response(lead, "2026-03-20", campaign)
    first.update(instant("2026-03-25 10:00"), deleted=True)
    assert play.entries()[1, "second_identifier"].entered_date == date(2026, 3, 20)
    campaign.update(instant("2026-04-01 10:00"), deleted=True)
    assert (1, "second_identifier") not in play.entries()


def test_somebody_only_invited_has_not_responded() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    response = play.response(lead, "2026-03-10", play.campaign())
    response.update(instant("2026-03-11 10:00"), has_responded=False)
    assert (1, "second_identifier") not in play.entries()


def test_a_sale_is_dated_by_its_booking_date_and_placed_by_its_history() -> None:
    play = Play()
    play.deal([("2026-03-01 10:00", "qualification"), ("2026-04-02 10:00", "won")], close="2026-03-31")
    sale = play.entries()[1, "sale"]
    assert (sale.entered_date, local(sale)) == (date(2026, 3, 31), "2026-04-02 10:00")


def test_a_won_deal_without_history_was_won_at_the_start_of_its_booking_date() -> None:
    play = Play()
    play.deal([("2026-03-01 10:00", "open"), ("2026-04-02 10:00", "won")], close="2026-03-20", tracked=False)
    entries = play.entries()
    assert local(entries[1, "sale"]) == "2026-03-19 23:00"
    assert local(entries[1, "sql"]) == "2026-03-01 10:00"
    assert all(entry.history_incomplete for entry in entries.values())


def test_a_won_deal_without_history_was_not_won_before_it_was_there() -> None:
    play = Play()
    play.deal([("2026-03-05 10:00", "won")], close="2026-03-01", tracked=False)
    sale = play.entries()[1, "sale"]
    assert (local(sale), sale.entered_date) == ("2026-03-05 10:00", date(2026, 3, 1))


def test_an_open_deal_without_history_counts_only_if_a_lead_was_converted_into_it() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    deal = play.deal([("2026-03-05 10:00", "open")], close="2026-06-01", tracked=False)
    assert not any(entry.stage == "sql" for entry in play.look().entries)
    lead.update(instant("2026-03-05 10:00"), deal_id=deal.id)
    assert local(play.entries()[1, "sql"]) == "2026-03-05 10:00"


def test_a_deal_nobody_claims_is_an_sql_of_nobodys_only_if_a_lead_was_converted_into_it() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    stages = [("2026-03-05 10:00", "qualification")]
    tracked = play.deal(stages, close="2026-06-01", locale="dk")
    forgotten = play.deal(stages, close="2026-06-01", locale="dk", tracked=False)
    assert {entry.stage for entry in play.look().entries} == {"first_identifier"}
    lead.update(instant("2026-03-05 10:00"), deal_id=tracked.id)
    assert {entry.stage for entry in play.look().entries} == {"first_identifier"}
    lead.update(instant("2026-03-06 10:00"), deal_id=forgotten.id)
    assert play.entries()[1, "sql"].locale is None


def test_a_deal_that_never_was_accepted_is_no_sql() -> None:
    play = Play()
    play.deal([("2026-03-05 10:00", "open"), ("2026-03-09 10:00", "lost")], close="2026-03-09")
    assert play.look().entries == []


def test_without_history_a_lead_has_always_been_what_it_is_now() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-09 10:00", "mql", tracked=False)
    entry = play.entries()[1, "mql"]
    assert local(entry) == "2026-03-01 10:00"
    assert entry.history_incomplete


def test_what_was_before_the_oldest_row_left_is_what_that_row_says_it_was() -> None:
    play = Play()
    lead = play.lead("2025-03-01 10:00")
    play.status(lead, "2025-03-09 10:00", "mql", purged="2026-01-01 01:30")
    play.status(lead, "2026-02-09 10:00", "disqualified")
    entries = play.entries()
    assert local(entries[1, "mql"]) == "2025-03-01 10:00"
    assert not entries[1, "mql"].history_incomplete
    assert local(play.entries("2025-12-01")[1, "mql"]) == "2025-03-09 10:00"


def test_an_untracked_lead_that_is_still_open_has_lost_nothing() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-02 10:00", "working", tracked=False)
    assert not play.entries()[1, "first_identifier"].history_incomplete
