"""Everything KPIs are made of, day by day: counts are whole, money is exact."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from fractions import Fraction
from itertools import pairwise

from sandbox.company.advertising import COST
from sandbox.company.restatement import visible_counts, visible_sessions
from sandbox.company.truth.credit import attribution
from sandbox.company.truth.cycles import Entry
from sandbox.company.truth.kpis import daily_counts
from sandbox.company.truth.observation import Observation
from sandbox.company.truth.places import DEAL_STAGES, UNMAPPED, Place, business_line, day_of_number, local_day
from sandbox.company.truth.rates import BudgetRates, budget_units, units_per_euro
from sandbox.company.truth.sight import SeenDeal, Told, seen_to_change
from sandbox.company.truth.tags import is_coded, meant
from sandbox.company.truth.teamwork import handovers
from sandbox.company.truth.trade import Sold, converted, sold
from sandbox.company.truth.web import channel, web_business_line

Day = tuple[str, str, date]
Sums = dict[str, Fraction]

_FUNNEL = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
_PAID = frozenset({"Paid Search", "Paid Social", "Paid Video", "Paid Shopping", "Display", "Cross-network",
                   "Paid Other", "Audio", "Affiliates"})  # fmt: skip
_CODE = re.compile(r"[A-Z]{2}(-[A-Z]{2})?-20\d\dQ[1-4]-[A-Z]{3}-(?P<line>[A-Z]{3})-\d\d")
_CODED_LINES = {"AUT": "automation", "SEN": "sensors", "SRV": "services"}
_NEARNESS = {UNMAPPED: 0, "open": 1, "sql": 2, "sale": 3, "lost": 3}


def measures(observation: Observation, budget_rates: BudgetRates) -> dict[Day, Sums]:
    """Sums by market, business line and day, of days the marts count; what there is nothing of is missing."""
    found: dict[Day, Sums] = defaultdict(lambda: defaultdict(Fraction))
    for key, counts in daily_counts(observation).items():
        for name, count in zip(_FUNNEL, counts, strict=True):
            found[key][name] += count
    for source in (_pages, _ads, _leads, _handovers, _lost, _cycles):
        for key, name, amount in source(observation):
            found[key][name] += amount
    for money in (_sales, _spend, _customers, _credited, _pipeline):
        for key, name, amount in money(observation, budget_rates):
            found[key][name] += amount
    return {key: sums for key, sums in found.items() if observation.claimed[key[0]].counts(key[2])}


Found = Iterator[tuple[Day, str, Fraction]]


def _pages(observation: Observation) -> Found:
    names = ("hostName", "landingPage", "date", "sessionDefaultChannelGroup", "sessionSource", "sessionCampaignName",
             "sessions", "screenPageViews", "userEngagementDuration")  # fmt: skip
    for code, place in observation.claimed.items():
        final = observation.company.ga4_sessions(place.locale.property_id)
        table = visible_sessions(final, place.locale.time_zone, observation.now)
        lines: dict[tuple[str, str], str] = {}
        coded: dict[tuple[str, str, str], bool | None] = {}
        for host, page, day, *origin, sessions, views, seconds in zip(
            *(table[name].to_pylist() for name in names), strict=True
        ):
            key = (code, lines.setdefault((host, page), web_business_line(host, page)), day)
            tagged = tuple(origin)
            if tagged not in coded:
                coded[tagged] = is_coded(channel(*origin[:2]), origin[2])
            yield key, "page_views", Fraction(views)
            yield key, "engagement_seconds", Fraction(seconds)
            if coded[tagged] is not None:
                yield key, "codable_sessions", Fraction(sessions)
                yield key, "coded_sessions", Fraction(sessions if coded[tagged] else 0)


def _advertised(observation: Observation) -> Iterator[tuple[Place, Day, int, int, Fraction]]:
    """(market, where and when, impressions, clicks, cost) of every row of the cost reports."""
    metrics = ("advertiserAdImpressions", "advertiserAdClicks", COST)
    for code, place in observation.claimed.items():
        final = observation.company.ga4_ads(place.locale.property_id)
        table = visible_counts(final, metrics, place.locale.time_zone, observation.now)
        rows = zip(*(table[name].to_pylist() for name in ("date", "sessionCampaignName", *metrics)), strict=True)
        for day, campaign, shown, clicked, cost in rows:
            yield place, (code, _line_of(campaign), day), shown, clicked, Fraction(cost, 1_000_000)


def _line_of(campaign: str) -> str:
    code = _CODE.fullmatch(meant(campaign).upper())
    return _CODED_LINES.get(code["line"], UNMAPPED) if code else UNMAPPED


def _ads(observation: Observation) -> Found:
    for _, key, shown, clicked, _ in _advertised(observation):
        yield key, "impressions", Fraction(shown)
        yield key, "clicks", Fraction(clicked)


def _leads(observation: Observation) -> Found:
    for lead in observation.sight.leads.values():
        home = lead.now["locale"]
        if home in observation.claimed and lead.now["merged_into"] is None:
            day = local_day(lead.record.created_at, observation.claimed[home].zone)
            key = (home, business_line(lead.now["business_line"]), day)
            yield key, "crm_leads", Fraction(1)
            yield key, "tracked_leads", Fraction(lead.now["client_id"] is not None)


def _handovers(observation: Observation) -> Found:
    for one in handovers(observation):
        key = _key(one.entry)
        yield key, "handed_over", Fraction(1)
        yield key, "accepted", Fraction(one.is_accepted)
        if one.hours is not None:
            yield key, "followed_up", Fraction(1)
            yield key, "response_hours", Fraction(round(one.hours * 3_600), 3_600)


def _lost(observation: Observation) -> Found:
    for deal in observation.sight.deals.values():
        if deal.now["locale"] in observation.claimed and DEAL_STAGES[deal.now["stage"]] == "lost":
            day = day_of_number(deal.now["close_day"])
            yield (deal.now["locale"], business_line(deal.now["business_line"]), day), "lost_deals", Fraction(1)


def _cycles(observation: Observation) -> Found:
    trips: dict[tuple[str, int], Entry] = {
        (entry.prospect, entry.cycle): entry for entry in observation.entries if entry.stage == "sql"
    }
    for sale in observation.counted:
        accepted = trips.get((sale.prospect, sale.cycle)) if sale.stage == "sale" else None
        if accepted is None or sale.is_imputed or accepted.is_imputed:
            continue
        opened = observation.sight.deals[sale.opportunity_id or ""].record.created_at
        if sale.entered_at >= opened and sale.entered_date >= accepted.entered_date:
            yield _key(sale), "measured_cycles", Fraction(1)
            yield _key(sale), "cycle_days", Fraction(sale.entered_at - accepted.entered_at, 86_400)


def _three(name: str, amounts: tuple[Fraction, ...]) -> Iterator[tuple[str, Fraction]]:
    yield from zip((f"{name}_local", f"{name}_eur", f"{name}_eur_constant"), amounts, strict=True)


def _sales(observation: Observation, budget_rates: BudgetRates) -> Found:
    for one in sold(observation):
        assert one.entry.locale is not None
        place = observation.claimed[one.entry.locale]
        if not place.counts(one.entry.entered_date):
            continue
        local, key = place.locale.currency, _key(one.entry)
        for name, amount in _three("sales_amount", converted(observation, one, one.amount, local, budget_rates)):
            yield key, name, amount
        if _has_budget(budget_rates, one.entry.entered_date.year + 1):
            following = one.entry.entered_date.replace(year=one.entry.entered_date.year + 1, day=1)
            yield key, "sales_amount_next", one.amount / budget_units(budget_rates, one.currency, following)
        for name, part in (("recurring_amount", one.recurring), ("one_off_amount", one.one_off)):
            if part is not None:
                yield key, name, converted(observation, one, part, local, budget_rates)[1]


def _has_budget(budget_rates: BudgetRates, year: int) -> bool:
    return any(known == year for known, _ in budget_rates)


def _spend(observation: Observation, budget_rates: BudgetRates) -> Found:
    today = observation.now.astimezone(UTC).date()
    for place, key, _, _, cost in _advertised(observation):
        currency, day = place.locale.currency, key[2]
        if place.counts(day):
            eur = cost / units_per_euro(currency, day, today)
            for name, amount in _three("spend", (cost, eur, cost / budget_units(budget_rates, currency, day))):
                yield key, name, amount
            if _has_budget(budget_rates, day.year + 1):
                following = day.replace(year=day.year + 1, day=1)
                yield key, "spend_next", cost / budget_units(budget_rates, currency, following)


def _customers(observation: Observation, budget_rates: BudgetRates) -> Found:
    orders: dict[str, list[Sold]] = defaultdict(list)
    for one in sold(observation):
        orders[one.customer].append(one)
    for bought in orders.values():
        first = bought[0].entry
        assert first.locale is not None
        place = observation.claimed[first.locale]
        if place.counts(first.entered_date):
            yield _key(first), "new_customers", Fraction(1)
            for one in (one for one in bought if one.entry.entered_date <= place.last):
                amounts = converted(observation, one, one.amount, place.locale.currency, budget_rates)
                for name, amount in _three("customer_amount", amounts):
                    yield _key(first), name, amount


def _credited(observation: Observation, budget_rates: BudgetRates) -> Found:
    for one in attribution(observation, budget_rates):
        if one.stage == "sale" and one.channel in _PAID:
            yield (one.locale, one.business_line, one.date), f"credited_{one.model}", Fraction(one.amount_eur)


def _pipeline(observation: Observation, budget_rates: BudgetRates) -> Found:
    today = observation.now.astimezone(UTC).date()
    for deal in observation.sight.deals.values():
        place = observation.claimed.get(deal.now["locale"])
        if place is None or deal.now["amount"] is None:
            continue
        amount, currency = Fraction(deal.now["amount"], 100), deal.now["currency"]
        local, line = place.locale.currency, business_line(deal.now["business_line"])
        for day in _days_at_work(deal, place):
            eur = amount / units_per_euro(currency, day, today)
            own = amount if currency == local else eur * units_per_euro(local, day, today)
            constant = amount / budget_units(budget_rates, currency, day)
            for name, part in _three("pipeline", (own, eur, constant)):
                yield (place.locale.code, line, day), name, part


def _days_at_work(deal: SeenDeal, place: Place) -> Iterator[date]:
    """The days at whose end sales was working on the deal."""
    told = [Told(row.at, row.stage, "history") for row in deal.rows] or seen_to_change(deal)
    meant = sorted(((one.at, DEAL_STAGES[one.meaning]) for one in told), key=lambda one: (one[0], _NEARNESS[one[1]]))
    at_end = {local_day(at, place.zone): stage for at, stage in meant}
    changes = [*sorted(at_end.items()), (place.last + timedelta(days=1), "")]
    for (since, stage), (until, _) in pairwise(changes):
        day = max(since, place.first)
        while stage == "sql" and day < min(until, place.last + timedelta(days=1)):
            yield day
            day += timedelta(days=1)


def _key(entry: Entry) -> Day:
    assert entry.locale is not None
    return entry.locale, entry.business_line, entry.entered_date
