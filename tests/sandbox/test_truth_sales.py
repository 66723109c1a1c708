"""What the truth says of hand-overs, speed, deals and customers of companies made by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from sandbox.company.records import World
from sandbox.company.simulation import simulate
from sandbox.company.truth.pace import velocities
from sandbox.company.truth.spread import quantile
from sandbox.company.truth.teamwork import handover_months, handovers
from sandbox.company.truth.trade import customer_values, sold
from sandbox.company.truth.worthwhile import qualities
from tests.sandbox.hand_made import Play

BUDGET = {(2026, "GBP"): Decimal("0.8"), (2025, "GBP"): Decimal("0.8")}


def test_quantiles_lie_on_the_line_between_the_two_nearest_values() -> None:
    assert quantile([], 0.5) is None
    assert quantile([4.0], 0.9) == 4
    assert quantile([48.0, 4.0], 0.5) == 26
    assert quantile([0.0, 10.0, 20.0], 0.9) == 18


def test_an_activity_counts_for_the_hand_over_before_it_and_with_whom_it_was() -> None:
    play = Play()
    play.teams["U1"] = "Inside sales"
    lead, other = play.lead("2026-01-05 10:00", owner="U1"), play.lead("2026-01-05 10:00", mailbox=2)
    for one in (lead, other):
        play.status(one, "2026-01-06 10:00", "mql")
    play.status(lead, "2026-01-08 10:00", "recycled")
    play.status(lead, "2026-02-06 10:00", "mql")
    play.activity("2026-01-05 12:00", who=lead.id)
    play.activity("2026-01-06 13:00", who=lead.id)
    play.activity("2026-01-06 11:00", who=lead.id, due="2026-01-06 12:00")
    play.activity("2026-01-06 10:30", who=lead.id, deleted=True)
    play.activity("2026-02-08 10:00", "Event", who=lead.id)
    play.activity("2026-07-20 10:00", "Event", who=other.id)
    found = {(one.entry.prospect, one.entry.cycle): one for one in handovers(play.look())}
    first, second, forgotten = found[lead.id, 1], found[lead.id, 2], found[other.id, 1]
    assert (first.team, first.hours, first.is_rejected) == ("Inside sales", 3, True)
    assert (second.hours, second.is_rejected, second.is_accepted) == (48, False, False)
    assert (forgotten.team, forgotten.hours, forgotten.is_old) == ("unknown", None, True)
    months = {one[:4]: one[4:] for one in handover_months(play.look())}
    assert months["total", "all", "all", date(2026, 1, 1)] == (2, 1, 1, 0, 1, 1, 0, 3, 3)


def test_a_stage_that_cannot_have_been_then_has_no_speed() -> None:
    """AT-09: booked before the stage before it: in the counts, but not in the speed."""
    play = Play()
    for mailbox, close in ((1, "2026-03-20"), (2, "2026-03-01")):
        contact = play.contact("2026-02-01 10:00", mailbox=mailbox)
        deal = play.deal([("2026-03-02 10:00", "qualification"), ("2026-03-12 22:00", "won")], close=close)
        play.role(deal, contact, "2026-03-02 10:00")
    (row,) = (
        one
        for one in velocities(play.look())
        if one[:2] == ("nl", "sensors") and one.from_stage == "sql" and one.to_stage == "sale"
    )
    assert row[5:] == (2, 1, 0, 1, 10.5, 10.5)


def test_a_deal_is_what_the_crm_calls_it_unless_the_customer_has_bought_before() -> None:
    play = Play()
    yearly, once = play.product("Recurring"), play.product("One-off")
    deal = play.deal([("2026-03-02 10:00", "won")], close="2026-03-02", account_id="A", kind="New Business")
    play.line(deal, yearly, 40_000)
    play.line(deal, once, 60_000)
    play.line(deal, once, 1_000, deleted=True)
    play.deal([("2026-03-03 10:00", "won")], close="2026-03-03", account_id="A", kind="New Business")
    play.deal([("2026-03-04 10:00", "won")], close="2026-03-04", account_id="A", kind="Renewal")
    play.deal([("2026-03-04 10:00", "won")], close="2026-03-04", account_id="B")
    found = {(one.customer, one.number): one for one in sold(play.look())}
    assert {key: one.kind for key, one in found.items()} == {
        ("A", 1): "new", ("A", 2): "expansion", ("A", 3): "renewal", ("B", 1): "new",
    }  # fmt: skip
    assert [int(one or 0) for one in found["A", 1][6:]] == [1_000, 1_000, 400, 600]
    assert found["A", 2].lines is None


def test_customers_are_worth_what_they_bought_within_so_many_months() -> None:
    play = Play()
    for day, amount in (("2025-03-31", 100), ("2026-03-30", 10), ("2026-03-31", 1), ("2026-09-01", 1_000)):
        play.deal([(f"{day} 10:00", "won")], close=day, account_id="A", amount=amount * 100)
    found = {one.value_type: one for one in customer_values(play.look(), BUDGET)}
    sums = {kind: (one.customers, one.deals, int(one.amount_eur)) for kind, one in found.items()}
    assert sums == {
        "first_order": (1, 1, 100), "repeat": (1, 2, 11), "recurring": (1, 0, 0), "total": (1, 3, 111),
        "12_months": (1, 2, 110), "24_months": (1, 3, 111),
    }  # fmt: skip
    assert (found["12_months"].is_mature, found["24_months"].is_mature) == (True, False)
    assert (found["total"].channel, found["total"].cohort_month) == ("unattributed", date(2025, 3, 1))


def test_a_campaign_is_as_good_as_the_leads_it_brought() -> None:
    play = Play()
    lead = play.lead("2026-01-05 10:00", client_id="c1")
    play.visit("c1", "202601041000", "Email", "Spring")
    play.visit("c1", "202601041100", "Paid Search", "Launch")
    play.status(lead, "2026-01-07 10:00", "mql")
    deal = play.deal([("2026-01-15 10:00", "won")], close="2026-01-15", amount=10_000)
    lead.update(lead.last_at, deal_id=deal.id)
    found = {(one.model, one.channel): one for one in qualities(play.look(), BUDGET)}
    linear, first = found["linear", "Email"], found["first_touch", "Email"]
    assert (linear.leads, linear.mqls, linear.sales, linear.amount_eur, linear.median_days_to_mql) == (
        0.5,
        0.5,
        0.5,
        50,
        2,
    )
    assert (first.leads, first.amount_eur, first.disqualified) == (1, 100, 0)
    assert ("first_touch", "Paid Search") not in found


def test_some_deals_are_renewals_and_of_some_nobody_has_said_what_they_are() -> None:
    world: World = simulate(3, 0.02)
    kinds = [deal.latest()["kind"] for deal in world.deals]
    shares = {kind: Fraction(kinds.count(kind), len(kinds)) for kind in ("New Business", "Renewal", None)}
    assert shares["New Business"] > shares["Renewal"] > 0
    assert 0 < shares[None] < Fraction(1, 10)
