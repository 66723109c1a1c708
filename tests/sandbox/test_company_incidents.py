"""What goes wrong in a company that is asked for with incidents, and that nothing else does."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import pytest

from sandbox.company.incidents import KINDS, LARGE, Incident, plan
from sandbox.company.locales import LAST_DAY, LOCALES
from sandbox.company.store import Company, generate
from sandbox.company.truth import Observation, at_six
from sandbox.company.truth.incidents import effects
from sandbox.company.truth.watched import Figures, watched
from tests.sandbox.small_company import SCALE, small_company

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 29)
PLACES = {
    "tracking_breaks": "nl", "form_dies": "de", "bots_come": "uk", "spend_jumps": "us", "spend_stops": "pl",
    "campaign_is_uncoded": "se", "campaign_buys_bad_leads": "jp", "sales_stops_following_up": "br",
    "consent_is_lost": "au",
}  # fmt: skip
INCIDENTS = tuple(
    Incident(kind, locale, FIRST, LAST, KINDS[kind][1] if kind != "tracking_breaks" else 0.8)
    for kind, locale in PLACES.items()
)


@cache
def company() -> Company:
    return generate(7, SCALE, INCIDENTS)


@cache
def web_company() -> Company:
    return generate(7, SCALE, [one for one in INCIDENTS if one.kind in ("tracking_breaks", "spend_jumps")])


@cache
def figures(*, with_incidents: bool) -> Figures:
    return figures_of(company() if with_incidents else small_company())


def figures_of(seen: Company) -> Figures:
    return watched(Observation(seen, at_six("2026-07-01")), lambda name: not name.startswith("Actie"))


def sums(kind: str, locale: str, kpi: str, subject: str = "", *, with_incidents: bool = True) -> tuple[float, float]:
    days = figures(with_incidents=with_incidents).get((kind, locale, kpi, subject), {})
    inside = [one for day, one in days.items() if FIRST <= day <= LAST]
    return sum(figure for figure, _ in inside), sum(base for _, base in inside)


def change(kind: str, locale: str, kpi: str, subject: str = "") -> float:
    before = sums(kind, locale, kpi, subject, with_incidents=False)[0]
    return sums(kind, locale, kpi, subject)[0] / before


def test_every_kind_of_incident_shows_in_its_own_figures() -> None:
    assert change("kpi_deviation", "nl", "sessions") == pytest.approx(0.2, abs=0.05)
    assert sums("kpi_deviation", "de", "key_events", "generate_lead")[0] == 0
    assert change("kpi_deviation", "de", "key_events", "file_download") == pytest.approx(1, abs=0.15)
    assert change("kpi_deviation", "uk", "sessions") == pytest.approx(4, abs=0.2)
    assert change("kpi_deviation", "us", "traffic_spend") == pytest.approx(3, abs=0.01)
    # What people are made of goes on by chance, so a company with other leads has a few other visitors.
    assert change("kpi_deviation", "us", "clicks") == pytest.approx(1, abs=0.02)
    assert sums("kpi_deviation", "pl", "traffic_spend") == (0, 0)
    uncoded, spend = sums("uncoded_spend", "se", "campaign_coding_compliance")
    assert uncoded >= 0.7 * spend > 0
    turned_away, leads = sums("lead_quality", "jp", "mqls", INCIDENTS[6].campaign)
    assert leads > 200
    assert turned_away > 0.7 * leads
    assert sums("missing_follow_up", "br", "lead_response_hours")[0] == 0
    assert sums("tracking_coverage", "au", "tracking_coverage")[0] == 0
    assert sums("tracking_coverage", "au", "tracking_coverage", with_incidents=False)[0] > 0


def test_other_days_of_the_web_are_what_they_were() -> None:
    quiet, struck = figures(with_incidents=False), figures_of(web_company())
    for key in (("kpi_deviation", "nl", "sessions", ""), ("kpi_deviation", "us", "traffic_spend", "")):
        outside = {day: one for day, one in quiet[key].items() if not FIRST <= day <= LAST}
        assert {day: one for day, one in struck[key].items() if not FIRST <= day <= LAST} == outside


def test_markets_without_incidents_are_what_they_were() -> None:
    changed = {name for name, table in web_company().tables.items() if not table.equals(small_company().tables[name])}
    mine = {f"ga4-{report}-310000001" for report in ("sessions", "key-events")} | {"ga4-ads-310000011"}
    # The roll-up property has everybody's.
    assert {name for name in changed if not name.endswith("310000099")} == mine


def test_the_plan_is_of_its_seed_and_leaves_weeks_between_incidents() -> None:
    assert plan(3) == plan(3) != plan(4)
    for locale in LOCALES:
        mine = [one for one in plan(3) if one.locale == locale.code]
        assert all(before.last + timedelta(days=20) < after.first for before, after in pairwise(mine))
        assert all(locale.go_live + timedelta(days=99) <= one.first <= one.last <= LAST_DAY for one in mine)
    assert {one.kind for seed in range(9) for one in plan(seed)} == set(KINDS)
    assert {one.locale for one in plan(3) if one.kind == "sales_stops_following_up"} <= LARGE


def test_an_effect_begins_when_there_is_anything_to_see() -> None:
    found = {effect.incident.kind: effect for effect in effects(INCIDENTS, figures(with_incidents=True))}
    assert found.keys() == set(KINDS)
    assert found["spend_jumps"].since == FIRST
    assert FIRST <= found["campaign_buys_bad_leads"].since <= FIRST + timedelta(days=4)
    bad = found["campaign_buys_bad_leads"]
    assert bad.is_told_by(("lead_quality", "jp", "mqls", bad.incident.campaign), "above", bad.since)
    assert not bad.is_told_by(("lead_quality", "jp", "mqls", "another"), "above", bad.since)
    assert not bad.is_told_by(("kpi_deviation", "jp", "sessions", ""), "above", bad.since)
