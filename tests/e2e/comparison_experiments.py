"""Experiments, beside what the sandbox company's own truth makes of them: counts exactly, effects to nine places."""

from collections.abc import Callable
from math import isclose
from typing import Any

from sandbox.company.truth import Observation
from sandbox.company.truth.experiments import DECLARED, Arm, Effect, in_all, in_one, outcomes
from tests.e2e.differences import Difference, Key, differences

_QUERY = """
    SELECT experiment, locale, variant, is_over, visitors, conversions, crossed_visitors,
        effect, effect_low, effect_high, lift, lift_low, lift_high, verdict
    FROM mart_experiments
"""


def experiment_differences(observation: Observation, rows: Callable[[str], list[tuple[Any, ...]]]) -> list[Difference]:
    """Every variant in every country and pooled; of verdicts, those that follow from the dates and counts alone."""
    expected: dict[Key, Any] = {}
    for one in DECLARED:
        is_over, counts = outcomes(observation)[one.code]
        control = one.arms[0][1]
        markets = sorted({market for market, _ in counts})
        for _, variant, _ in one.arms:
            pairs = [(counts[market, variant], counts[market, control]) for market in markets]
            together = Arm(*(sum(figures) for figures in zip(*(new for new, _ in pairs), strict=True)))
            effect = None if variant == control else in_all(pairs)
            expected[one.code, "total", variant] = (is_over, together, effect)
            for market, (new, old) in zip(markets, pairs, strict=True):
                was_over = observation.claimed[market].last >= one.last
                expected[one.code, market, variant] = (was_over, new, None if variant == control else in_one(new, old))
    found = {row[:3]: row[3:] for row in rows(_QUERY)}
    return differences(expected, found, _same)


def _same(expected: tuple[bool, Arm, Effect | None], found: tuple[Any, ...]) -> bool:
    is_over, arm, effect = expected
    if (is_over, *arm) != found[:4]:
        return False
    if effect is None:
        return found[4:10] == (None,) * 6
    return _near(effect.difference, found[4:7]) and _near(effect.lift, found[7:10]) and _fits(is_over, found[10])


def _near(expected: tuple[float, float, float] | None, found: tuple[float | None, ...]) -> bool:
    if expected is None:
        return found[1:] == (None, None)
    pairs = zip(expected, found, strict=True)
    return all(other is not None and isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in pairs)


def _fits(is_over: bool, verdict: str) -> bool:
    return verdict == "split_is_wrong" or (verdict in ("running", "not_started")) != is_over
