"""Money, sessions, cohorts and credit of companies made by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from sandbox.company.truth.credit import attribution
from sandbox.company.truth.kpis import daily_counts, daily_kpis
from sandbox.company.truth.progress import cohorts
from sandbox.company.truth.rates import NoRate, published, rounded, units_per_euro
from sandbox.company.truth.web import web_business_line
from sandbox.company.truth.worth import sales
from tests.sandbox.hand_made import Play

BUDGET = {(2026, "USD"): Decimal("1.25"), (2026, "JPY"): Decimal(160), (2026, "GBP"): Decimal("0.8")}
TODAY = date(2026, 7, 1)


def _sold(play: Play, on: str, locale: str = "nl", **fields: object) -> None:
    play.deal([(f"{on} 08:00", "won")], close=on, locale=locale, **fields)


def test_a_sale_is_worth_its_booked_amount_in_all_three_currencies() -> None:
    play = Play()
    _sold(play, "2026-03-18", "uk", currency="USD", amount=125_000)
    (row,) = sales(play.look(), BUDGET)
    usd, gbp = (published()[currency][date(2026, 3, 18)] for currency in ("USD", "GBP"))
    assert (row.currency, row.local_currency) == ("USD", "GBP")
    assert row.amount == 1_250
    assert row.amount_eur == Fraction(1_250) / usd
    assert row.amount_local == Fraction(1_250) / usd * gbp
    assert row.amount_eur_constant == 1_000


def test_a_sale_in_the_markets_own_currency_needs_no_rate_for_it() -> None:
    play = Play()
    _sold(play, "2026-03-18", "uk", currency="GBP", amount=80_000)
    (row,) = sales(play.look(), BUDGET)
    assert row.amount_local == 800
    assert row.amount_eur_constant == 1_000


def test_a_weekend_takes_fridays_rate() -> None:
    friday = published()["USD"][date(2026, 3, 20)]
    assert units_per_euro("USD", date(2026, 3, 22), TODAY) == friday


def test_a_rate_older_than_a_week_is_no_rate() -> None:
    with pytest.raises(NoRate, match="USD"):
        units_per_euro("USD", date(2026, 7, 9), TODAY)
    with pytest.raises(NoRate, match="HRK"):
        units_per_euro("HRK", date(2026, 3, 2), TODAY)


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("1.005", "EUR", "1.01"), ("-1.005", "EUR", "-1.01"), ("1.5", "JPY", "2"), ("2.49", "JPY", "2")],
)  # fmt: skip
def test_amounts_are_rounded_half_away_from_zero_to_minor_units(amount: str, currency: str, expected: str) -> None:
    assert rounded(Fraction(amount), currency) == Decimal(expected)


def test_every_day_has_its_six_kpis_and_its_worth() -> None:
    play = Play()
    play.traffic("2026-03-18", "/sensoren", 40)
    _sold(play, "2026-03-18", amount=10_000)
    _sold(play, "2026-03-18", amount=5_000)
    (row,) = daily_kpis(play.look(), BUDGET)
    assert row[:9] == ("nl", "sensors", date(2026, 3, 18), 40, 2, 2, 2, 2, 2)
    assert row.amount_eur == row.amount_local == 150
    assert row.currency == "EUR"


@pytest.mark.parametrize(
    ("host", "page", "line"),
    [
        ("sensors.noordlicht.example", "/careers", "sensors"),
        ("nl.noordlicht.example", "/sensoren/pressure", "sensors"),
        ("nl.noordlicht.example", "/sensors-news", "unmapped"),
        ("be.noordlicht.example", "/capteurs", "sensors"),
        ("br.noordlicht.example", "/automacao/plc?x=/servicos", "automation"),
        ("se.noordlicht.example", "/tjanster", "services"),
        ("nl.noordlicht.example", "/", "unmapped"),
        ("nl.noordlicht.example", "(not set)", "unmapped"),
    ],
)
def test_traffic_belongs_to_the_business_line_of_its_host_or_first_segment(host: str, page: str, line: str) -> None:
    assert web_business_line(host, page) == line


def test_young_days_show_fewer_sessions_and_today_none() -> None:
    play = Play()
    for on in ("2026-06-27", "2026-06-28", "2026-06-29", "2026-06-30", "2026-07-01", "2024-12-31"):
        play.traffic(on, "/", 100)
    assert {row.date.isoformat(): row.sessions for row in play.look().sessions} == {
        "2026-06-27": 100, "2026-06-28": 100, "2026-06-29": 98, "2026-06-30": 90,
    }  # fmt: skip


def test_counts_start_at_go_live() -> None:
    play = Play()
    for on in ("2025-05-31", "2025-06-01"):
        play.traffic(on, "/", 10, locale="pl")
    assert [key[2] for key in daily_counts(play.look())] == [date(2025, 6, 1)]


def test_a_cohort_says_who_got_how_far_and_how_fast() -> None:
    play = Play()
    for mailbox, mql in enumerate(("2026-01-20 10:00", "2026-03-01 10:00", None)):
        lead = play.lead("2026-01-05 10:00", mailbox=mailbox)
        if mql:
            play.status(lead, mql, "mql")
    rows = {(row.from_stage, row.to_stage): row for row in cohorts(play.look())}
    reached = rows["first_identifier", "mql"]
    assert (reached.entered, reached.reached) == (3, 2)
    assert (reached.reached_within_30_days, reached.reached_within_90_days) == (1, 2)
    assert (reached.is_mature_30, reached.is_mature_90, reached.is_mature_180) == (True, True, False)
    assert rows["first_identifier", "sale"].reached == 0
    assert rows["second_identifier", "mql"].entered == 1


def _credit(play: Play, model: str, stage: str = "first_identifier") -> dict[str, float]:
    rows = [row for row in attribution(play.look(), BUDGET) if row.stage == stage and row.model == model]
    return {row.channel: row.credit for row in rows}


def test_credit_goes_to_the_touches_of_the_ninety_days_up_to_the_entry() -> None:
    play = Play()
    play.lead("2026-04-10 10:00", client_id="c")
    play.visit("c", "202604101200", "Direct")
    play.visit("c", "202604101201", "Display")
    play.visit("c", "202601101100", "Email")
    play.visit("c", "202601101059", "Referral")
    assert _credit(play, "first_touch") == {"Email": 1}
    assert _credit(play, "last_touch") == {"Direct": 1}
    assert _credit(play, "linear") == {"Email": Fraction(1, 2), "Direct": Fraction(1, 2)}


def test_touches_at_one_instant_share_and_nothing_at_all_is_unattributed() -> None:
    play = Play()
    lead = play.lead("2026-04-10 10:00")
    assert _credit(play, "linear") == {"unattributed": 1}
    for type_name in ("Webinar", "Email"):
        play.response(lead, "2026-04-10", play.campaign(type_name))
    for model in ("first_touch", "last_touch", "linear"):
        assert _credit(play, model) == {"Campaign: Webinar": Fraction(1, 2), "Campaign: Email": Fraction(1, 2)}


def test_a_visitor_on_two_prospects_belongs_to_the_older_lead() -> None:
    play = Play()
    play.lead("2026-04-12 10:00", mailbox=1, client_id="c")
    play.lead("2026-04-11 10:00", mailbox=2, client_id="c")
    play.visit("c", "202604110900", "Direct")
    assert _credit(play, "linear") == {"Direct": 1, "unattributed": 1}


def test_a_sales_worth_is_shared_like_its_credit_and_nothing_is_lost() -> None:
    play = Play()
    lead = play.lead("2026-03-01 10:00", client_id="c")
    deal = play.deal([("2026-03-18 08:00", "won")], close="2026-03-18", amount=10_000)
    lead.update(deal.created_at, deal_id=deal.id)
    for minute in ("202603010900", "202603020900", "202603030900"):
        play.visit("c", minute, "Direct" if minute.endswith("010900") else "Email")
    rows = [row for row in attribution(play.look(), BUDGET) if row.stage == "sale" and row.model == "linear"]
    assert {row.channel: row.amount_eur for row in rows} == pytest.approx({"Direct": 100 / 3, "Email": 200 / 3})
