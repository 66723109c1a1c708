"""Stage entries of people made by hand: each test is one rule, with its answer worked out on paper."""

from datetime import date

from tests.sandbox.hand_made import Play, instant, local


def test_a_person_is_first_known_on_the_local_day_of_the_market() -> None:
    play = Play()
    play.lead("2026-03-01 23:30", "jp")
    (entry,) = play.look().entries
    assert (entry.stage, entry.entered_date, entry.locale) == ("first_identifier", date(2026, 3, 2), "jp")


def test_a_lead_without_an_address_is_not_known_until_it_is_an_mql() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", mailbox=None)
    assert play.entries() == {}
    play.status(lead, "2026-03-09 10:00", "mql")
    entries = play.entries()
    assert {stage for _, stage in entries} == {"first_identifier", "second_identifier", "mql"}
    assert entries[1, "first_identifier"].is_imputed
    assert local(entries[1, "first_identifier"]) == "2026-03-09 10:00"


def test_skipped_stages_take_the_moment_and_the_day_of_the_next_one_reached() -> None:
    play = Play()
    play.deal([("2026-03-02 10:00", "open"), ("2026-03-20 15:00", "won")], close="2026-02-27", business_line=None)
    entries = play.entries()
    assert len(entries) == 5
    for entry in entries.values():
        assert local(entry) == "2026-03-20 15:00"
        assert entry.business_line == "unmapped"
        assert entry.entered_date == (date(2026, 2, 27) if entry.stage == "sale" else date(2026, 3, 20))
        assert entry.is_imputed == (entry.stage not in {"sql", "sale"})


def test_an_earlier_stage_entered_later_takes_the_later_stages_moment() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-03 10:00", "mql")
    play.response(lead, "2026-03-10", play.campaign())
    entries = play.entries()
    assert local(entries[1, "second_identifier"]) == "2026-03-03 10:00"
    assert entries[1, "second_identifier"].is_imputed
    assert not entries[1, "first_identifier"].is_imputed


def test_the_first_entry_wins_and_a_regression_changes_nothing() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    for at, status in (("2026-03-03 10:00", "mql"), ("2026-03-05 10:00", "working"), ("2026-03-08 10:00", "mql")):
        play.status(lead, at, status)
    entries = play.entries()
    assert local(entries[1, "mql"]) == "2026-03-03 10:00"
    assert max(cycle for cycle, _ in entries) == 1


def test_a_recycled_lead_opens_a_second_cycle_only_when_it_comes_back() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    for at, status in (("2026-03-03 10:00", "mql"), ("2026-03-05 10:00", "recycled"), ("2026-03-06 10:00", "working")):
        play.status(lead, at, status)
    assert max(cycle for cycle, _ in play.entries()) == 1
    play.status(lead, "2026-04-01 10:00", "recycled")
    play.status(lead, "2026-05-01 10:00", "mql")
    entries = play.entries()
    assert max(cycle for cycle, _ in entries) == 2
    assert local(entries[2, "mql"]) == "2026-05-01 10:00"
    assert entries[2, "first_identifier"].is_imputed


def test_a_response_after_a_recycling_belongs_to_the_next_cycle() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-05 10:00", "recycled")
    play.response(lead, "2026-04-01", play.campaign())
    assert (1, "second_identifier") in play.entries()
    play.status(lead, "2026-05-01 10:00", "mql")
    entries = play.entries()
    assert (1, "second_identifier") not in entries
    assert entries[2, "second_identifier"].entered_date == date(2026, 4, 1)


def test_a_returning_customer_buys_in_a_second_cycle() -> None:
    play = Play()
    contact = play.contact("2026-01-05 10:00")
    for start, won, close in (
        ("2026-01-06 10:00", "2026-02-01 10:00", "2026-02-01"),
        ("2026-04-01 10:00", "2026-05-01 10:00", "2026-05-01"),
    ):
        deal = play.deal([(start, "qualification"), (won, "won")], close=close)
        play.role(deal, contact, start)
    entries = play.entries()
    assert local(entries[2, "sql"]) == "2026-04-01 10:00"
    assert entries[1, "sale"].entered_date == date(2026, 2, 1)
    assert entries[2, "sale"].entered_date == date(2026, 5, 1)


def test_two_open_deals_that_are_both_won_are_the_sales_of_two_cycles() -> None:
    play = Play()
    contact = play.contact("2026-01-05 10:00")
    first = play.deal([("2026-01-06 10:00", "qualification"), ("2026-02-01 10:00", "won")], close="2026-02-01")
    second = play.deal([("2026-01-07 10:00", "qualification"), ("2026-02-02 10:00", "won")], close="2026-02-02")
    for deal in (first, second):
        play.role(deal, contact, "2026-01-08 10:00")
    entries = play.entries()
    assert entries[1, "sale"].opportunity_id == first.id
    assert entries[2, "sale"].opportunity_id == second.id
    assert entries[2, "sql"].is_imputed
    assert entries[1, "sql"].opportunity_id == first.id


def test_a_won_deal_that_is_reopened_and_lost_stays_the_sale_it_was() -> None:
    play = Play()
    stages = [("2026-01-06 10:00", "qualification"), ("2026-02-01 10:00", "won"), ("2026-02-09 10:00", "lost")]
    play.deal(stages, close="2026-02-01")
    assert (1, "sale") in play.entries()


def test_a_disqualified_lead_keeps_its_entries_and_leaves() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-03-03 10:00", "mql")
    play.status(lead, "2026-03-09 10:00", "disqualified")
    entries = play.entries()
    assert {entry.exit_reason for entry in entries.values()} == {"disqualified"}
    assert entries[1, "mql"].exited_at == instant("2026-03-09 10:00")
    play.status(lead, "2026-03-12 10:00", "mql")
    assert {entry.exit_reason for entry in play.entries().values()} == {None}


def test_each_stage_is_counted_in_the_market_the_lead_was_in_then() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", "be-nl")
    play.status(lead, "2026-03-02 10:00", "mql")
    play.move(lead, "2026-03-03 10:00", "be-fr")
    play.status(lead, "2026-03-04 10:00", "recycled")
    play.status(lead, "2026-03-05 10:00", "mql")
    entries = play.entries()
    assert entries[1, "first_identifier"].locale == "be-nl"
    assert entries[1, "mql"].locale == "be-nl"
    assert entries[2, "mql"].locale == "be-fr"


def test_a_lead_in_no_claimed_market_has_no_stages_anybody_counts() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", "dk")
    play.status(lead, "2026-03-02 10:00", "mql")
    assert play.look().counted == []
    assert {entry.stage for entry in play.look(extra=["dk"]).counted} == {
        "first_identifier", "second_identifier", "mql",
    }  # fmt: skip


def test_a_status_given_while_the_lead_was_nobodys_is_no_event() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.move(lead, "2026-03-02 10:00", None)
    play.status(lead, "2026-03-03 10:00", "mql")
    play.move(lead, "2026-03-04 10:00", "nl")
    assert set(play.entries()) == {(1, "first_identifier")}


def test_days_before_go_live_and_days_that_have_not_ended_are_not_counted() -> None:
    play = Play()
    play.lead("2026-07-01 05:00", "jp", mailbox=1)
    play.lead("2026-06-30 05:00", "jp", mailbox=2)
    play.lead("2026-06-30 12:00", "us", mailbox=3)
    play.lead("2024-12-31 12:00", "nl", mailbox=4)
    look = play.look()
    assert len(look.entries) == 4
    assert [(one.locale, one.entered_date) for one in look.counted] == [("jp", date(2026, 6, 30))]


def test_a_change_counts_only_once_it_can_be_seen() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.status(lead, "2026-07-01 10:00", "mql")
    assert (1, "mql") not in play.entries("2026-07-01")
    assert (1, "mql") in play.entries("2026-07-02")
