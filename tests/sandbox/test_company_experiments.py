"""The company's experiments: effects that were put there are there, and nothing else of the company moved."""

from collections import Counter
from datetime import date

import pyarrow.compute as pc
import pytest

from sandbox.company.experiments import PRICE_PAGE, SHORT_FORM, TRIALS, VARIANT, Trial
from sandbox.company.locales import LOCALES
from sandbox.company.store import Company, generate
from sandbox.company.truth import Observation, at_six
from sandbox.company.truth.experiments import DECLARED, in_all, outcomes

IDS = {locale.code: locale.property_id for locale in LOCALES}


@pytest.fixture(scope="module")
def company() -> Company:
    return generate(7, 0.3)


def test_what_was_played_is_what_was_declared() -> None:
    for trial, declared in zip(TRIALS, DECLARED, strict=True):
        assert (trial.markets, trial.first, trial.last) == (declared.markets, declared.first, declared.closing)
        assert trial.follow_up_days == declared.follow_up
        assert [(value, share) for value, share in zip(trial.values, trial.shares, strict=True)] == [
            (value, share) for value, _, share in declared.arms
        ]


@pytest.mark.parametrize(("trial", "variant"), [(SHORT_FORM, 1), (PRICE_PAGE, 1), (PRICE_PAGE, 2)])
def test_the_effect_that_was_put_there_is_found(company: Company, trial: Trial, variant: int) -> None:
    declared = DECLARED[TRIALS.index(trial)]
    is_over, counts = outcomes(Observation(company, at_six("2026-09-01")))[declared.code]
    control, tried = declared.arms[0][1], declared.arms[variant][1]
    markets = [code for code in declared.markets if code not in trial.lossy]
    effect = in_all([(counts[code, tried], counts[code, control]) for code in markets])
    assert is_over
    assert effect is not None
    assert effect.lift is not None
    _, low, high = effect.lift
    assert low <= trial.effects[variant] - 1 <= high


def test_visitors_are_split_as_meant_but_where_some_are_lost(company: Company) -> None:
    shown: Counter[tuple[str, str]] = Counter()
    for code in SHORT_FORM.markets:
        table = company.ga4_exposures(IDS[code])
        for value in SHORT_FORM.values:
            shown[code, value] = len(table.filter(pc.equal(table[VARIANT], value))["client_id"].unique())
    ratios = {
        code: shown[code, SHORT_FORM.values[1]] / shown[code, SHORT_FORM.values[0]] for code in SHORT_FORM.markets
    }
    assert all(0.8 < ratio < 1.25 for code, ratio in ratios.items() if code != "se")
    assert ratios["se"] < 0.8


def test_some_visitors_are_shown_two_variants_and_some_come_before_it_begins(company: Company) -> None:
    table = company.ga4_exposures(IDS["nl"])
    mine = table.filter(pc.starts_with(table[VARIANT], "NOR-SHORTFORM"))
    variants: dict[str, set[str]] = {}
    for client, value in zip(mine["client_id"].to_pylist(), mine[VARIANT].to_pylist(), strict=True):
        variants.setdefault(client, set()).add(value)
    assert any(len(seen) == 2 for seen in variants.values())
    assert pc.min(mine["date"]).as_py() < SHORT_FORM.first
    assert pc.max(mine["date"]).as_py() <= SHORT_FORM.last


def test_markets_without_an_experiment_have_nothing_to_tell(company: Company) -> None:
    for code in ("br", "jp", "dk"):
        assert company.ga4_exposures(IDS[code]).num_rows == 0
        assert company.ga4_visitor_events(IDS[code]).num_rows == 0
    assert pc.max(company.ga4_visitor_events(IDS["nl"])["date"]).as_py() <= date(2026, 9, 30)
