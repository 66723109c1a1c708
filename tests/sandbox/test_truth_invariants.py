"""The truth about a whole company: what must hold whatever happened in it."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

from sandbox.company.truth import Observation, at_six
from sandbox.company.truth.credit import attribution
from sandbox.company.truth.kpis import daily_kpis
from sandbox.company.truth.places import STAGES
from sandbox.company.truth.progress import cohorts
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.shares import RULES
from sandbox.company.truth.worth import sales
from tests.sandbox.small_company import small_company

_UNITS = {
    "GBP": "0.85",
    "SEK": "11.2",
    "PLN": "4.25",
    "CHF": "0.95",
    "JPY": "162",
    "AUD": "1.7",
    "USD": "1.1",
    "BRL": "6.1",
}
BUDGET: BudgetRates = {(year, code): Decimal(units) for year in (2025, 2026) for code, units in _UNITS.items()}


@cache
def seen(day: str = "2026-07-01") -> Observation:
    return Observation(small_company(), at_six(day))


def test_entries_never_rise_down_the_funnel_within_a_cycle() -> None:
    trips: dict[tuple[str, int], dict[str, int]] = {}
    for entry in seen().entries:
        trips.setdefault((entry.prospect, entry.cycle), {})[entry.stage] = entry.entered_at
    for trip in trips.values():
        reached = [stage for stage in STAGES if stage in trip]
        assert reached == list(STAGES[: len(reached)])
        instants = [trip[stage] for stage in reached]
        assert instants == sorted(instants)


def test_every_won_deal_is_the_sale_of_exactly_one_cycle() -> None:
    sold = Counter(entry.opportunity_id for entry in seen().entries if entry.stage == "sale")
    assert set(sold.values()) == {1}
    won = {
        deal.id
        for deal in seen().sight.deals.values()
        if deal.now["locale"] in seen().claimed
        and (any(row.stage == "won" for row in deal.rows) or (not deal.rows and deal.now["stage"] == "won"))
    }
    assert set(sold) == won


def test_second_and_third_cycles_happen() -> None:
    cycles = Counter(entry.cycle for entry in seen().entries if entry.stage == "mql")
    assert cycles[2] >= 10
    assert cycles[3] >= 1


def test_kpis_sum_to_entries_and_sales_to_kpis() -> None:
    days = daily_kpis(seen(), BUDGET)
    counted = Counter(entry.stage for entry in seen().counted)
    assert sum(day.mqls for day in days) == counted["mql"]
    assert sum(day.sales for day in days) == counted["sale"] == sum(row.sales for row in sales(seen(), BUDGET))
    assert sum((day.amount_eur for day in days), Fraction()) > 0


def test_credit_sums_to_the_entries_and_the_money_it_splits() -> None:
    rows = attribution(seen(), BUDGET)
    counted = Counter(entry.stage for entry in seen().counted)
    worth = sum((row.amount_eur for row in sales(seen(), BUDGET)), Fraction())
    models = {row.model for row in rows}
    assert models == {*RULES, "markov"}
    for model in models:
        for stage in STAGES:
            credit = sum(row.credit for row in rows if (row.model, row.stage) == (model, stage))
            assert credit == pytest.approx(counted[stage], rel=1e-12)
        assert sum(row.amount_eur for row in rows if row.model == model) == pytest.approx(float(worth), rel=1e-12)


def test_cohorts_never_reach_more_than_entered_nor_earlier_more_than_later() -> None:
    for row in cohorts(seen()):
        reached = (row.reached_within_30_days, row.reached_within_90_days, row.reached_within_180_days, row.reached)
        assert list(reached) == sorted(reached)
        assert row.reached <= row.entered


@pytest.mark.parametrize("stage", STAGES)
def test_every_market_has_every_stage(stage: str) -> None:
    assert {entry.locale for entry in seen().counted if entry.stage == stage} == set(seen().claimed)


def test_a_day_later_old_numbers_have_moved_and_new_ones_came() -> None:
    before, after = (set(seen(day).counted) for day in ("2026-07-01", "2026-07-02"))
    last = seen().claimed["nl"].last
    assert "first_identifier" in {entry.stage for entry in after - before if entry.entered_date > last}
    assert {entry.stage for entry in after ^ before if entry.entered_date <= last} == set(STAGES)
    old, new = ({one[:3]: one.sessions for one in seen(day).sessions} for day in ("2026-07-01", "2026-07-02"))
    assert any(new[key] != sessions for key, sessions in old.items())
    assert set(old) <= set(new)
