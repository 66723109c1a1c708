"""Seeded incidents are found within two days, and where nothing is wrong it is quiet: the benchmark, small."""

from __future__ import annotations

from datetime import date

from benchmarks.signals import WITHIN_DAYS, as_columns, as_of, delays_of, figures_of
from sandbox.company.incidents import plan
from sandbox.company.locales import LAST_DAY, LOCALES
from sandbox.company.store import generate

SCALE, SEED = 0.3, 11
# In a company of a third of the size there are too few leads for two days to tell what happens to them.
KINDS = ("tracking_breaks", "bots_come", "spend_jumps", "spend_stops", "campaign_is_uncoded", "campaign_buys_bad_leads")


def test_incidents_are_found_within_two_days() -> None:
    seeded = tuple(one for one in plan(SEED, KINDS) if one.first >= date(2026, 6, 1))
    found = list(delays_of(generate(SEED, SCALE, seeded), WITHIN_DAYS))
    assert len(found) > 12
    assert sum(delay is not None for _, delay in found) >= 0.92 * len(found)


def test_a_company_in_which_nothing_is_wrong_has_less_than_one_signal_a_country_and_month() -> None:
    columns = as_columns(figures_of(generate(SEED, SCALE)))
    months = sum((LAST_DAY - max(locale.go_live, date(2026, 3, 1))).days / 30.4 for locale in LOCALES[:12])
    assert len(as_of(columns, LAST_DAY, days=213)) < months
