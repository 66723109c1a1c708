"""What sales does and what customers are worth, beside the sandbox company's own truth.

Counts are exact. Hours and days are rounded to four decimals by the marts, money to minor units.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from sandbox.company.truth import Observation
from sandbox.company.truth.pace import steps, velocities
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.teamwork import handover_months
from sandbox.company.truth.trade import Sold, converted, customer_values, sold
from sandbox.company.truth.worthwhile import qualities

Key = tuple[Any, ...]
Row = tuple[Any, ...]
Compare = Callable[..., list[Any]]

_SMALLEST_TIME, _SMALLEST_CREDIT = 0.0002, 1e-6


def sales_differences(
    rows: Callable[[str], list[Row]], observation: Observation, budget: BudgetRates, compare: Compare
) -> dict[str, list[Any]]:
    """Differences by mart. ``rows`` answers a query on the published build; ``compare`` gives what differs between two
    mappings, by what it is told to take as the same."""
    return {
        "mart_deals": compare(*_deals(rows, observation, budget), _same_deal),
        "mart_handover": compare(*_handovers(rows, observation), _same_times),
        "mart_velocity": compare(*_velocities(rows, observation), _same_times),
        "mart_funnel_steps": compare(*_steps(rows, observation)),
        "mart_lead_quality": compare(*_qualities(rows, observation, budget), _same_quality),
        "mart_customer_value": compare(*_customers(rows, observation, budget), _same_value),
    }


def _deals(
    rows: Callable[[str], list[Row]], observation: Observation, budget: BudgetRates
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    expected: dict[Key, Any] = {}
    for one in sold(observation):
        locale = one.entry.locale
        assert locale is not None
        if not observation.claimed[locale].counts(one.entry.entered_date):
            continue
        amounts = [_amounts(observation, one, amount, budget) for amount in (one.amount, one.recurring, one.one_off)]
        facts = (locale, one.entry.business_line, one.entry.entered_date, one.kind, one.number, one.currency)
        matching = None if one.lines is None else one.lines == one.amount
        expected[f"{one.entry.opportunity_id}@salesforce_{one.org}",] = (facts, one.lines, matching, amounts)
    parts = ", ".join(
        f"{amount}, {amount}_local, {amount}_eur, {amount}_eur_constant"
        for amount in ("amount", "recurring_amount", "one_off_amount")
    )
    found = {
        row[:1]: (row[1:7], row[7], row[8], [row[9:13], row[13:17], row[17:21]])
        for row in rows(
            "SELECT opportunity_id, locale, business_line, close_date, deal_kind, deal_number, currency, "
            f"lines_amount, has_matching_lines, {parts} FROM mart_deals"
        )
    }
    return expected, found


def _amounts(observation: Observation, one: Sold, amount: Fraction | None, budget: BudgetRates) -> Row:
    if amount is None:
        return (None,) * 4
    assert one.entry.locale is not None
    local = observation.claimed[one.entry.locale].locale.currency
    return (amount, *converted(observation, one, amount, local, budget))


def _same_deal(expected: Row, found: Row) -> bool:
    exact = expected[0] == found[0] and expected[2] == found[2] and _near(expected[1], found[1], 0)
    return exact and all(
        _near(one, other, 1 if place else 0)
        for ours, theirs in zip(expected[3], found[3], strict=True)
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True))
    )


def _handovers(
    rows: Callable[[str], list[Row]], observation: Observation
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    found = rows(
        "SELECT locale, business_line, owner_team, month, handed_over, followed_up, followed_up_in_time, accepted, "
        "rejected, never_followed_up, waiting, median_lead_response_hours, p90_lead_response_hours FROM mart_handover"
    )
    expected = {one[:4]: (one[4:11], one[11:]) for one in handover_months(observation)}
    return expected, {row[:4]: (row[4:11], row[11:]) for row in found}


def _velocities(
    rows: Callable[[str], list[Row]], observation: Observation
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    found = rows(
        "SELECT locale, business_line, month, from_stage, to_stage, entries, measured, imputed, impossible, "
        "median_days, p90_days FROM mart_velocity"
    )
    expected = {one[:5]: (one[5:9], one[9:]) for one in velocities(observation)}
    return expected, {row[:5]: (row[5:9], row[9:]) for row in found}


def _same_times(expected: Row, found: Row) -> bool:
    times = zip(expected[1], found[1], strict=True)
    return expected[0] == found[0] and all(_near(one, other, _SMALLEST_TIME) for one, other in times)


def _steps(rows: Callable[[str], list[Row]], observation: Observation) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    found = rows(
        "SELECT locale, business_line, period_type, period_start, from_stage, to_stage, numerator::BIGINT, "
        "denominator::BIGINT, rate IS NOT DISTINCT FROM (numerator / nullif(denominator, 0))::DECIMAL(38, 10) "
        "FROM mart_funnel_steps WHERE numerator <> 0 OR denominator <> 0"
    )
    expected = {key: (*counts, True) for key, counts in steps(observation).items()}
    return expected, {row[:6]: row[6:] for row in found}


def _qualities(
    rows: Callable[[str], list[Row]], observation: Observation, budget: BudgetRates
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    found = rows(
        "SELECT locale, business_line, month, model, channel, campaign, credited_leads, credited_mqls, credited_sqls, "
        "credited_sales, credited_disqualified, amount_local, amount_eur, amount_eur_constant, "
        "median_days_to_mql, median_days_to_sale FROM mart_lead_quality"
    )
    expected = {
        (*one[:5], one.campaign or one.channel): (one[6:11], one[11:14], one[14:])
        for one in qualities(observation, budget)
        if one.leads > _SMALLEST_CREDIT
    }
    actual = {row[:6]: (row[6:11], row[11:14], row[14:]) for row in found if row[6] > _SMALLEST_CREDIT}
    return expected, actual


def _same_quality(expected: Row, found: Row) -> bool:
    return all(
        _near(one, other, tolerance)
        for ours, theirs, tolerance in zip(expected, found, (_SMALLEST_CREDIT * 10, 1, _SMALLEST_TIME), strict=True)
        for one, other in zip(ours, theirs, strict=True)
    )


def _customers(
    rows: Callable[[str], list[Row]], observation: Observation, budget: BudgetRates
) -> tuple[Mapping[Key, Any], Mapping[Key, Any]]:
    found = rows(
        "SELECT cohort_month, locale, business_line, channel, value_type, is_mature, customers, buyers, deals, "
        "currency, amount_local, amount_eur, amount_eur_constant FROM mart_customer_value"
    )
    expected = {
        one[:5]: ((*one[5:9], one.currency), (one.amount_local, one.amount_eur, one.amount_eur_constant))
        for one in customer_values(observation, budget)
    }
    return expected, {row[:5]: (row[5:10], row[10:]) for row in found}


def _same_value(expected: Row, found: Row) -> bool:
    pairs = zip(expected[1], found[1], strict=True)
    return expected[0] == found[0] and all(_near(one, other, 1) for one, other in pairs)


def _near(expected: Any, found: Any, tolerance: float) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    return abs(Fraction(found) - Fraction(expected)) <= Fraction(tolerance)
