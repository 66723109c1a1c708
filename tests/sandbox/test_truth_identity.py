"""Who is who, in companies made by hand."""

from sandbox.company.records import Mailbox
from tests.sandbox.hand_made import Play, instant


def test_two_leads_with_one_mailbox_are_one_prospect_also_across_orgs() -> None:
    play = Play()
    play.lead("2026-03-01 10:00", "us", mailbox=5)
    play.lead("2026-03-02 10:00", "uk", mailbox=5)
    (entry,) = play.look().entries
    assert (entry.locale, entry.stage) == ("us", "first_identifier")


def test_a_merge_makes_one_of_two_only_once_it_can_be_seen() -> None:
    play = Play()
    winner = play.lead("2026-03-01 10:00", mailbox=1)
    loser = play.lead("2026-03-02 10:00", mailbox=2)
    loser.update(instant("2026-07-01 09:00"), merged_into=winner.id, deleted=True)
    assert len(play.look("2026-07-01").prospects) == 2
    (prospect,) = play.look("2026-07-02").prospects
    assert prospect.key == winner.id


def test_a_chain_of_merges_is_one_prospect_with_the_losers_history() -> None:
    play = Play()
    leads = [play.lead(f"2026-03-0{number} 10:00", mailbox=number) for number in (1, 2, 3, 4)]
    play.status(leads[3], "2026-03-05 10:00", "mql")
    for number, loser in enumerate(reversed(leads[1:])):
        winner = leads[2 - number]
        loser.update(instant(f"2026-03-1{number} 10:00"), merged_into=winner.id, deleted=True)
    (prospect,) = play.look().prospects
    assert prospect.key == leads[0].id
    assert (1, "mql") in play.entries()


def test_a_conversion_ties_lead_contact_and_deal_to_one_prospect() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", mailbox=None)
    contact = play.contact("2026-03-09 10:00", mailbox=None)
    deal = play.deal([("2026-03-09 10:00", "qualification")], close="2026-06-01")
    lead.update(instant("2026-03-09 10:00"), status="converted", contact_id=contact.id, deal_id=deal.id)
    assert len(play.look().prospects) == 1


def test_a_deleted_lead_is_out_with_all_that_hangs_on_it() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00")
    play.response(lead, "2026-03-10", play.campaign())
    play.status(lead, "2026-03-11 10:00", "mql")
    lead.update(instant("2026-03-12 10:00"), deleted=True)
    assert play.look().entries == []
    lead.update(instant("2026-03-13 10:00"), deleted=False)
    assert len(play.look().entries) == 3


def test_a_deal_belongs_to_the_lead_it_came_from_before_anybody_else() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", mailbox=1)
    other = play.contact("2026-02-01 10:00", mailbox=2)
    deal = play.deal([("2026-03-09 10:00", "qualification")], close="2026-06-01", account_id="account1")
    play.role(deal, other, "2026-03-09 10:00")
    lead.update(instant("2026-03-09 10:00"), deal_id=deal.id)
    sql = next(entry for entry in play.look().entries if entry.stage == "sql")
    assert sql.prospect == lead.id
    lead.update(instant("2026-03-10 10:00"), deleted=True)
    sql = next(entry for entry in play.look().entries if entry.stage == "sql")
    assert sql.prospect == other.id


def test_a_deal_without_a_lead_belongs_to_its_primary_contact() -> None:
    play = Play()
    first, second = (play.contact("2026-02-01 10:00", mailbox=number) for number in (1, 2))
    deal = play.deal([("2026-03-09 10:00", "qualification")], close="2026-06-01")
    play.role(deal, first, "2026-03-09 10:00", is_primary=False)
    primary = play.role(deal, second, "2026-03-10 10:00")
    assert next(entry for entry in play.look().entries if entry.stage == "sql").prospect == second.id
    primary.update(instant("2026-03-11 10:00"), deleted=True)
    assert next(entry for entry in play.look().entries if entry.stage == "sql").prospect == first.id


def test_deals_of_nobody_share_their_accounts_prospect_or_stand_alone() -> None:
    play = Play()
    for account in ("account1", "account1", "account2", None):
        play.deal([("2026-03-09 10:00", "qualification")], close="2026-06-01", account_id=account)
    assert sorted(len(prospect.deals) for prospect in play.look().prospects) == [1, 1, 2]


def test_a_lead_that_gets_somebodys_address_turns_out_to_be_them() -> None:
    play = Play()
    play.lead("2026-03-01 10:00", mailbox=1)
    second = play.lead("2026-03-02 10:00", mailbox=2)
    assert len(play.look().prospects) == 2
    second.update(instant("2026-03-20 10:00"), email=Mailbox(1, "P1@A.example"))
    assert len(play.look().prospects) == 1
