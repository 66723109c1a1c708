"""Forecasts of targets: on series whose future is known by construction, and on the sandbox's own future."""

from __future__ import annotations

import importlib
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from benchmarks.forecast import KPIS, Past, figures_of, trials
from dagster_project.config import load_config
from sandbox.company.store import load_company

forecasts = importlib.import_module("forecasts")
WEEK = np.array([10.0, 12, 12, 11, 9, 2, 1])
Series = Any


def days(values: Series, ahead: int, *, before: int = 0, denominator: Series | None = None, week: Series = WEEK) -> Any:
    """The days of a target: those known, of which the last `before` are of its period, and those ahead."""
    total = len(values) + ahead
    expected = np.resize(week, total)
    unknown = np.full(ahead, np.nan)
    return forecasts.Days(
        numerator=np.concatenate([values, unknown]),
        denominator=np.full(total, np.nan) if denominator is None else np.concatenate([denominator, unknown]),
        expected_numerator=expected,
        expected_denominator=np.full(total, np.nan) if denominator is None else expected,
        is_in_period=(np.arange(total) >= len(values) - before).astype(float),
        is_ahead=(np.arange(total) >= len(values)).astype(float),
        is_provisional=np.zeros(total),
    )


def test_a_steady_business_goes_on_as_it_did_by_its_weekdays() -> None:
    found = forecasts.forecast(days(np.resize(WEEK, 7 * 30), 10, before=4))
    # Four days of the week's end are known; a week and a Monday to Wednesday are ahead.
    assert found.value == pytest.approx(WEEK[3:].sum() + WEEK.sum() + WEEK[:3].sum())
    assert found.error_rate == pytest.approx(0)
    assert found.lower == pytest.approx(found.value, rel=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=8, max_size=160), st.floats(0.5, 50))
def test_the_level_is_smoothed_as_statsmodels_would(counts: list[int], size: float) -> None:
    weeks = np.array(counts) * size + np.linspace(1, 2, len(counts))
    smoothing, levels = forecasts.level.smoothed(weeks)
    known = {"initialization_method": "known", "initial_level": float(np.mean(weeks[:4]))}
    same = ExponentialSmoothing(weeks, **known).fit(smoothing_level=smoothing, optimized=False)
    assert levels == pytest.approx(np.asarray(same.level))
    best = ExponentialSmoothing(weeks, bounds={"smoothing_level": (0.05, 0.8)}, **known).fit()
    assert same.sse <= best.sse * (1 + 1e-4)


def test_a_level_that_rose_is_followed_and_the_last_week_taken_where_it_is_nearer() -> None:
    rising = np.resize(WEEK, 7 * 30) * np.repeat(1.1 ** np.arange(30), 7)
    found = forecasts.forecast(days(rising, 7))
    assert found.method == "seasonal_naive"
    assert found.value == pytest.approx(rising[-7:].sum())
    assert found.lower < found.value < found.upper


def test_a_season_of_last_year_is_expected_again_as_far_as_it_was_no_chance() -> None:
    weeks = np.random.default_rng(1).normal(1, 0.03, 104)
    weeks[52:56] *= 0.8
    two_years = np.resize(WEEK, 7 * 104) * np.repeat(weeks, 7) * 1000
    found = forecasts.forecast(days(two_years, 28))
    assert found.method == "exponential_smoothing"
    assert found.value == pytest.approx(0.83 * 4 * WEEK.sum() * 1000, rel=0.04)


def test_noise_alone_is_no_season_and_widens_the_interval() -> None:
    noise = np.random.default_rng(7).poisson(np.resize(WEEK / 10, 7 * 78)).astype(float)
    found = forecasts.forecast(days(noise, 28))
    assert found.method == "exponential_smoothing"
    assert found.value == pytest.approx(4 * WEEK.sum() / 10, rel=0.2)
    spread = math.log(found.upper / found.lower) / 2
    # Twenty-two or so to come: 1.28 standard deviations are about 27 % of it.
    assert 0.15 < spread < 0.45


def test_a_ratio_is_the_quotient_of_what_came_and_is_to_come() -> None:
    above, below = np.resize(WEEK, 7 * 30), np.resize(WEEK * 4, 7 * 30)
    above *= np.repeat(np.resize([0.8, 1.2], 30), 7)
    found = forecasts.forecast(days(above, 7, before=7, denominator=below))
    # 0.3 in the week that is known, and around 0.25 in as large a one.
    assert found.method == "exponential_smoothing"
    assert found.value == pytest.approx((0.3 + 0.25) / 2, rel=0.03)
    assert found.lower < found.value < found.upper


@pytest.mark.parametrize("known", [0, 7 * 8 - 1, 7 * 8])
def test_without_eight_weeks_of_past_there_is_none(known: int) -> None:
    found = forecasts.forecast(days(np.resize(WEEK, known), 30))
    assert (found is None) == (known < 56)


def test_nothing_in_the_past_foretells_nothing() -> None:
    assert forecasts.forecast(days(np.zeros(7 * 20), 30)) is None


def test_a_period_with_nothing_left_comes_to_what_there_is() -> None:
    closed = days(np.resize(WEEK, 7 * 20), 10, before=7)
    closed = closed._replace(expected_numerator=np.where(closed.is_ahead == 1, 0.0, closed.expected_numerator))
    found = forecasts.forecast(closed)
    assert (found.lower, found.value, found.upper) == pytest.approx((WEEK.sum(),) * 3)


def test_days_that_google_may_still_correct_are_no_past() -> None:
    values = np.resize(WEEK, 7 * 30)
    values[-3:] = 0
    waiting = days(values, 7)
    spared = waiting._replace(is_provisional=(np.arange(len(values) + 7) >= len(values) - 3).astype(float))
    assert forecasts.forecast(spared).value == pytest.approx(WEEK.sum())
    assert forecasts.forecast(waiting).value < WEEK.sum()


def test_what_was_in_another_currency_is_no_past() -> None:
    values = np.resize(WEEK, 7 * 30)
    values[: 7 * 10] = np.nan
    assert forecasts.forecast(days(values, 7)).value == pytest.approx(WEEK.sum())
    values[: 7 * 25] = np.nan
    assert forecasts.forecast(days(values, 7)) is None


def test_the_same_days_foretell_the_same() -> None:
    noise = np.random.default_rng(3).poisson(np.resize(WEEK, 7 * 60)).astype(float)
    assert forecasts.forecast(days(noise, 40)) == forecasts.forecast(days(noise, 40))


def test_on_the_sandbox_it_beats_the_last_week_and_its_interval_holds_four_fifths(tmp_path: Path) -> None:
    config = load_config(Path(__file__).parents[2] / "config")
    past = Past(load_company(tmp_path, scale=0.1), config)
    origins = [date(2026, 1, 10) + timedelta(41 * number) for number in range(6)]
    tried = list(trials(past, ["nl", "de", "uk", "us", "jp", "total"], list(KPIS), origins))
    found: Any = figures_of(tried)["all"]
    assert found["forecasts"] > 400
    assert found["error_beside_naive"] < 0.9
    # A wider band than the whole company's (benchmarks/forecast.py): fewer forecasts, of a tenth of the people.
    assert 0.7 <= found["held_by_interval"] <= 0.9
