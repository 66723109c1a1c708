"""Campaigns beside the sandbox company's own truth: what they cost and brought, and how they are coded.

Counts are exact; money may differ by a minor unit, credit by a hundred-thousandth.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from babel.numbers import get_currency_precision

from sandbox.company.truth import BudgetRates, Credit, Observation
from sandbox.company.truth.campaigns import Campaigns, Money, total
from sandbox.company.truth.coding import coding, uncoded

Row = tuple[Any, ...]
Rows = Callable[[str], list[Row]]
Table = Mapping[Any, Any]

_LINES = {"AUT": "automation", "SEN": "sensors", "SRV": "services"}
_PEOPLE = ("first_identifier", "mql", "sql", "sale")
_SMALLEST_CREDIT = 1e-5
_MONEY = "{0}_local, {0}_eur, {0}_eur_constant"


def campaign_differences(
    rows: Rows, observation: Observation, credits: Sequence[Credit], budget: BudgetRates, compare: Callable[..., Any]
) -> dict[str, list[Any]]:
    """Differences by mart; see `comparison_sales` for `rows` and `compare`."""
    campaigns = Campaigns(observation, budget)
    return {
        "mart_campaign_coding": compare(*_coding(rows, campaigns), _same),
        "mart_uncoded_campaigns": compare(*_uncoded(rows, campaigns), _same),
        "mart_campaigns": compare(*_campaigns(rows, campaigns, credits, observation), _same_campaign),
    }


def _coding(rows: Rows, campaigns: Campaigns) -> tuple[Table, Table]:
    found = rows(
        "SELECT locale, month, channel, campaigns, uncoded_campaigns, codable_sessions, coded_sessions, currency, "
        "session_coding_rate IS NOT DISTINCT FROM (coded_sessions / nullif(codable_sessions, 0))::DECIMAL(38, 10), "
        f"{_MONEY.format('codable_spend')}, {_MONEY.format('coded_spend')} FROM mart_campaign_coding"
    )
    expected = {key: (one[:4], True, one.spend, one.coded_spend) for key, one in coding(campaigns).items()}
    return expected, {row[:3]: (row[3:7], row[8], (row[7], row[9:12]), (row[7], row[12:])) for row in found}


def _uncoded(rows: Rows, campaigns: Campaigns) -> tuple[Table, Table]:
    found = rows(
        "SELECT locale, month, channel, traffic_source, traffic_medium, campaign, problem, problem_part, "
        "suggested_code, sessions, coalesce(impressions, 0), coalesce(clicks, 0), currency, "
        f"{_MONEY.format('spend')} FROM mart_uncoded_campaigns"
    )
    expected = {
        tuple(where): ((use.problem, use.part, near, use.sessions, use.impressions, use.clicks), use.spend)
        for where, (use, near) in uncoded(campaigns).items()
    }
    return expected, {row[:6]: (row[6:12], (row[12], row[13:])) for row in found}


def _campaigns(
    rows: Rows, campaigns: Campaigns, credits: Sequence[Credit], observation: Observation
) -> tuple[Table, Table]:
    """(Market, month, model, campaign) → code's market and line, sessions, touches, impressions, clicks, spend,
    credited people, credited money, what a lead cost in euro, return."""
    found = rows(
        "SELECT locale, month, model, campaign, code_locale, business_line, sessions, touchpoints, "
        "coalesce(impressions, 0), coalesce(clicks, 0), currency, credited_leads, credited_mqls, credited_sqls, "
        f"credited_sales, {_MONEY.format('spend')}, {_MONEY.format('amount')}, cost_per_lead_eur, return_on_ad_spend "
        "FROM mart_campaigns"
    )
    actual = {
        row[:4]: (row[4:10], row[11:15], (row[10], row[15:18]), (row[10], row[18:21]), row[21], row[22])
        for row in found
    }
    earned: dict[tuple[str, date, str], dict[str, list[float]]] = defaultdict(dict)
    for one in credits:
        sums = earned[one.locale, one.date.replace(day=1), one.campaign].setdefault(one.model, [0.0] * 7)
        if one.stage in _PEOPLE:
            sums[_PEOPLE.index(one.stage)] += one.credit
        for place, amount in enumerate((one.amount_local, one.amount_eur, one.amount_eur_constant), start=4):
            sums[place] += amount
    used: dict[tuple[str, date, str], list[Any]] = defaultdict(list)
    for where, use in campaigns.uses.items():
        used[where.locale, where.month, where.campaign].append(use)
    models = sorted({one.model for one in credits})
    expected = {}
    for key in {*used, *earned, *campaigns.touches}:
        uses = used.get(key, [])
        spend = total(use.spend for use in uses)
        if key[2] == "unattributed" or (key[2].startswith("(") and spend is None):
            continue
        counts = [sum(getattr(use, name) for use in uses) for name in ("sessions", "impressions", "clicks")]
        touches = campaigns.touches.get(key, 0) if not key[2].startswith("(") else 0
        facts = (*_code(key[2], observation), counts[0], touches, counts[1], counts[2])
        for model in models:
            sums = earned.get(key, {}).get(model, [0.0] * 7) if not key[2].startswith("(") else [0.0] * 7
            money = tuple(map(Fraction, sums[4:]))
            cost = float(spend[1]) / sums[0] if spend and sums[0] else None
            roas = float(money[1] / spend[1]) if spend and spend[1] else None
            expected[key[0], key[1], model, key[2]] = facts, tuple(sums[:4]), spend, money, cost, roas
    return expected, actual


def _code(campaign: str, observation: Observation) -> tuple[str | None, str]:
    """The market and line that a code names, of those that there are."""
    parts = campaign.split("-")
    if campaign != campaign.upper() or len(parts) < 5:
        return None, "unmapped"
    market = "-".join(parts[:-4]).lower()
    return market if market in observation.claimed else None, _LINES.get(parts[-2], "unmapped")


def _same(expected: Row, found: Row) -> bool:
    """Facts exactly, money (which the marts have with its currency) nearly."""
    return all(
        _same_money(one, *other) if _is_money(other) else one == other
        for one, other in zip(expected, found, strict=True)
    )


def _same_campaign(expected: Row, found: Row) -> bool:
    facts, people, *money, cost, roas = expected
    counted, credited, *amounts, its_cost, its_roas = found
    near = all(abs(float(other) - one) <= _SMALLEST_CREDIT for one, other in zip(people, credited, strict=True))
    return (
        near and _same((facts, *money), (counted, *amounts)) and _is_ratio(cost, its_cost) and _is_ratio(roas, its_roas)
    )


def _is_money(found: Any) -> bool:
    return isinstance(found, tuple) and len(found) == 2 and isinstance(found[1], tuple)


def _is_ratio(expected: float | None, found: Any) -> bool:
    if expected is None:
        return found is None
    return found is not None and abs(float(found) - expected) <= max(0.02, 0.001 * expected)


def _same_money(expected: Money | None, currency: str, found: Row) -> bool:
    if expected is None:
        return found == (None, None, None)
    smallest = [Fraction(1, 10 ** get_currency_precision(one)) for one in (currency, "EUR", "EUR")]
    return all(
        other is not None and abs(Fraction(other) - one) <= margin
        for one, other, margin in zip(expected, found, smallest, strict=True)
    )
