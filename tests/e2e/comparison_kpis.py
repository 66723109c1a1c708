"""Every KPI of every scope and period beside the truth: its parts, its amounts, the period before, and last year.

Sums over days are made here, of the truth's days; what each KPI is made of is written down a second time. Numbers of
money are right within a minor unit, whatever is divided by whatever.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, get_args

import numpy as np
from babel.numbers import get_currency_precision
from numpy.typing import NDArray

from dagster_project.config.locales import AttributionModel
from sandbox.company.truth.history import periods_of
from sandbox.company.truth.measures import measures
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.rates import BudgetRates
from sandbox.company.truth.visitors import users
from tests.e2e.differences import Difference, Key, differences

DAYS = 30
"""The daily mart is compared for so many days: it is made by the same sums."""

QUERY = """
    SELECT locale, business_line, '{kind}', {start}, kpi, numerator, denominator, value,
        amount_local, amount_eur, amount_eur_constant, {comparisons} FROM {mart} WHERE {which}"""
COMPARED = (
    "previous_period_value, previous_period_to_date_value, previous_year_value, previous_year_to_date_value, "
    "fx_effect_previous_year"
)

USERS = """
    SELECT locale, period_type, period_start, business_line, numerator::BIGINT, denominator::BIGINT FROM mart_kpi_period
    WHERE kpi = 'visits_per_returning_user' AND availability = 'available'
    UNION ALL SELECT locale, 'day', date, business_line, numerator::BIGINT, denominator::BIGINT FROM mart_kpi_daily
    WHERE kpi = 'visits_per_returning_user'"""

Sums = dict[str, float]
Figure = Callable[[Sums], float | None]
Span = tuple[date, date]


def _of(*names: str) -> Figure:
    return lambda sums: sum(sums[name] for name in names)


def _expected_worth(sums: Sums) -> float | None:
    decided = sums["sales"] + sums["lost_deals"]
    return sums["sqls"] * sums["sales_amount_eur"] / decided if decided else None


def _mean_cycle(sums: Sums) -> float | None:
    return sums["cycle_days"] / sums["measured_cycles"] if sums["measured_cycles"] else None


_STAGES = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
_SPEND, _WORTH = _of("spend_eur"), _of("sales_amount_eur")
KPIS: dict[str, tuple[Figure, Figure | None]] = {
    **{name: (_of(name), None) for name in (*_STAGES, "impressions", "clicks")},
    "sales_amount": (_WORTH, None),
    "session_to_first_identifier_rate": (_of("first_identifiers"), _of("sessions")),
    "first_to_second_identifier_rate": (_of("second_identifiers"), _of("first_identifiers")),
    "second_identifier_to_mql_rate": (_of("mqls"), _of("second_identifiers")),
    "mql_to_sql_rate": (_of("sqls"), _of("mqls")),
    "sql_to_sale_rate": (_of("sales"), _of("sqls")),
    "visitor_to_customer_rate": (_of("sales"), _of("sessions")),
    "traffic_spend": (_SPEND, None),
    "ctr": (_of("clicks"), _of("impressions")),
    "cpc": (_SPEND, _of("clicks")),
    "cost_per_lead": (_SPEND, _of("first_identifiers")),
    "cost_per_mql": (_SPEND, _of("mqls")),
    "cost_per_sql": (_SPEND, _of("sqls")),
    "cost_per_sale": (_SPEND, _of("sales")),
    **{f"return_on_ad_spend_{model}": (_of(f"credited_{model}"), _SPEND) for model in get_args(AttributionModel)},
    "average_time_on_site": (_of("engagement_seconds"), _of("sessions")),
    "pages_per_visit": (_of("page_views"), _of("sessions")),
    "lead_response_hours": (_of("response_hours"), _of("followed_up")),
    "mql_acceptance_rate": (_of("accepted"), _of("handed_over")),
    "win_rate": (_of("sales"), _of("sales", "lost_deals")),
    "average_deal_value": (_WORTH, _of("sales")),
    "sales_cycle_days": (_of("cycle_days"), _of("measured_cycles")),
    "sales_velocity": (_expected_worth, _mean_cycle),
    "pipeline_value": (_of("pipeline_eur"), None),
    "recurring_revenue_share": (_of("recurring_amount"), _of("recurring_amount", "one_off_amount")),
    "customer_value": (_of("customer_amount_eur"), _of("new_customers")),
    "tracking_coverage": (_of("tracked_leads"), _of("crm_leads")),
    "campaign_coding_compliance": (_of("coded_sessions"), _of("codable_sessions")),
}
AMOUNTS = {
    "sales_amount": "sales_amount", "traffic_spend": "spend", "pipeline_value": "pipeline", "cpc": "spend",
    **dict.fromkeys(("cost_per_lead", "cost_per_mql", "cost_per_sql", "cost_per_sale"), "spend"),
    "average_deal_value": "sales_amount", "customer_value": "customer_amount", "sales_velocity": "sales_amount",
}  # fmt: skip
"""What money a KPI is of; divided by the same, whatever the currency."""
_NAMES = (
    *_STAGES, "impressions", "clicks", "page_views", "engagement_seconds", "response_hours", "followed_up", "accepted",
    "handed_over", "lost_deals", "cycle_days", "measured_cycles", "recurring_amount", "one_off_amount",
    "new_customers", "tracked_leads", "crm_leads", "codable_sessions", "coded_sessions", "sales_amount_next",
    "spend_next",
    *(f"{name}_{suffix}" for name in ("sales_amount", "spend", "pipeline", "customer_amount")
      for suffix in ("local", "eur", "eur_constant")),
    *(f"credited_{model}" for model in get_args(AttributionModel)),
)  # fmt: skip
_STOCK = np.array([name.startswith("pipeline") for name in _NAMES])


class KpiComparison:
    """The truth's days, summed over whatever a mart's row is of."""

    def __init__(self, observation: Observation, budget_rates: BudgetRates) -> None:
        self._observation, self._places = observation, observation.claimed
        self._currencies = {code: place.locale.currency for code, place in self._places.items()}
        self._days: dict[tuple[str, str], dict[date, NDArray[np.float64]]] = defaultdict(dict)
        for (locale, line, day), sums in measures(observation, budget_rates).items():
            row = np.array([float(sums.get(name, 0)) for name in _NAMES])
            for each in (line, "all"):
                days = self._days[locale, each]
                days[day] = days.get(day, np.zeros(len(_NAMES))) + row
        self._known: dict[tuple[str, str, Span], NDArray[np.float64]] = {}
        self._summed_before: dict[Key, list[Sums | None]] = {}

    def differences(self, rows: Callable[[str], list[tuple[Any, ...]]]) -> dict[str, list[Difference]]:
        """Of mart_kpi_period and mart_kpi_daily."""
        nobody_later = min(place.last for place in self._places.values()) - timedelta(days=DAYS)
        period = QUERY.replace("'{kind}'", "period_type").format(
            start="period_start", mart="mart_kpi_period", comparisons=COMPARED, which="availability = 'available'"
        )
        daily = QUERY.format(
            kind="day", start="date", mart="mart_kpi_daily", comparisons="NULL, NULL, NULL, NULL, NULL",
            which=f"date > '{nobody_later}'",
        )  # fmt: skip
        return {
            "mart_kpi_period": list(self._compare(rows(period))),
            "mart_kpi_daily": list(self._compare(rows(daily))),
            "visits_per_returning_user": differences(self._of_users(), {row[:4]: row[4:] for row in rows(USERS)}),
        }

    def _of_users(self) -> dict[Key, Any]:
        """Sessions that were nobody's first, and users who were not new, of every period whose users are counted."""
        found = {}
        for (scope, kind, first), (everybody, new) in users(self._observation).items():
            own = self._summed_all(scope, "all", kind, first)[0]
            if own is not None and (kind != "day" or everybody > new):  # nothing to divide by is no row of a day
                found[scope, kind, first, "all"] = (round(own["sessions"]) - new, everybody - new)
        return found

    def _compare(self, rows: list[tuple[Any, ...]]) -> Iterator[Difference]:
        compared = 0
        for locale, line, kind, first, kpi, *found in rows:
            if kpi not in KPIS:
                continue
            compared += 1
            expected = self._expected(locale, line, kind, first, kpi)
            unit = 10.0 ** -get_currency_precision(self._currencies.get(locale, "EUR"))
            pairs = list(zip(expected, found, strict=True))[: 6 if kind == "day" else None]
            # A quotient is of what was rounded, and so the less exact the less it is divided by.
            blur = 0.0051 * (1 + abs(expected[2] or 0)) / abs(expected[1]) if expected[1] else 0.0
            if not all(_is_near(*pair, unit + blur) for pair in pairs):
                yield (locale, line, kind, first, kpi), expected, tuple(found)
        if compared < len(KPIS):
            yield ("rows compared",), len(KPIS), compared

    def _expected(self, locale: str, line: str, kind: str, first: date, kpi: str) -> tuple[Any, ...]:
        own, before, before_to_date, year, year_to_date = self._summed_all(locale, line, kind, first)
        assert own is not None
        numerator, denominator = KPIS[kpi]
        amounts: tuple[Any, ...] = (None, None, None)
        effect = None
        if kpi in AMOUNTS:
            money = [own[f"{AMOUNTS[kpi]}_{suffix}"] for suffix in ("local", "eur", "eur_constant")]
            worth = _value(kpi, own)
            parts = [None if worth is None else worth * each / money[1] if money[1] else 0.0 for each in money]
            amounts = (None if locale == "total" else parts[0], *parts[1:])
            following = f"{AMOUNTS[kpi]}_next"
            if denominator is None and year_to_date is not None and following in year_to_date:
                then = year_to_date[following] - year_to_date[f"{AMOUNTS[kpi]}_eur"]
                effect = money[1] - money[2] + then
        values = [None if sums is None else _value(kpi, sums) for sums in (before, before_to_date, year, year_to_date)]
        return numerator(own), denominator and denominator(own), _value(kpi, own), *amounts, *values, effect

    def _summed_all(self, locale: str, line: str, kind: str, first: date) -> list[Sums | None]:
        key = (locale, line, kind, first)
        if key not in self._summed_before:
            self._summed_before[key] = [self._summed(*key, place) for place in range(5)]
        return self._summed_before[key]

    def _summed(self, locale: str, line: str, kind: str, first: date, place: int) -> Sums | None:
        """The sums of one of the spans of a period, of all markets that are in it; None if the marts have no such
        period."""
        total, seen = np.zeros(len(_NAMES)), False
        for code in self._places if locale == "total" else (locale,):
            market = self._places[code]
            last = _last_of(kind, first)
            if market.first > last or market.last < first:
                continue
            span = _spans(kind, first, min(last, market.last))[place]
            whole = (span[0], _last_of(kind, span[0]))
            seen = seen or (market.first <= whole[1] and market.last >= whole[0])
            total = total + self._over(code, line, span)
        return dict(zip(_NAMES, total.tolist(), strict=True)) if seen else None

    def _over(self, code: str, line: str, span: Span) -> NDArray[np.float64]:
        if (code, line, span) not in self._known:
            total, days = np.zeros(len(_NAMES)), self._days[code, line]
            for number in range((span[1] - span[0]).days + 1):
                day = span[0] + timedelta(days=number)
                if day in days:
                    is_end = day == min(span[1], self._places[code].last)
                    total += days[day] if is_end else np.where(_STOCK, 0.0, days[day])
            self._known[code, line, span] = total
        return self._known[code, line, span]


def _value(kpi: str, sums: Sums) -> float | None:
    numerator, denominator = KPIS[kpi]
    if denominator is None:
        return numerator(sums)
    above, below = numerator(sums), denominator(sums)
    return None if above is None or not below else above / below


def _last_of(kind: str, first: date) -> date:
    return first if kind == "day" else next(last for name, _, last in periods_of(first) if name == kind)


def _spans(kind: str, first: date, reached: date) -> tuple[Span, Span, Span, Span, Span]:
    """Of a period that has come as far as a day: its own days; the period before, whole and as far; last year's."""
    earlier = first - timedelta(days=1)
    before = earlier if kind == "day" else next(begin for name, begin, _ in periods_of(earlier) if name == kind)
    far = min(before + (reached - first), earlier)
    if kind in ("day", "week"):
        year, year_far = first - timedelta(days=364), reached - timedelta(days=364)
    else:
        year = first.replace(year=first.year - 1)
        year_far = reached.replace(year=reached.year - 1, day=min(reached.day, 28 if reached.month == 2 else 31))
    if reached == _last_of(kind, first):
        far, year_far = earlier, _last_of(kind, year)
    return (first, reached), (before, earlier), (before, far), (year, _last_of(kind, year)), (year, year_far)


def _is_near(expected: float | None, found: Any, unit: float) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    # An effect of exchange rates is of four sums that were each rounded.
    return bool(abs(expected - float(found)) <= 2.01 * max(unit, 0.01) + 1e-6 * abs(expected))
