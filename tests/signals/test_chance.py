"""How unusual a figure is, beside the exact distributions."""

from __future__ import annotations

from math import comb, exp, lgamma, log
from statistics import NormalDist

import numpy as np
import pytest
from signals.chance import score_of_at_most


def at_most(found: int, trials: float, expected: float) -> float:
    """The exact probability of the binomial distribution, or, with unlimited trials, of Poisson's."""
    if trials == np.inf:
        return sum(exp(k * log(expected) - expected - lgamma(k + 1)) for k in range(found + 1))
    share = expected / trials
    return sum(comb(int(trials), k) * share**k * (1 - share) ** (int(trials) - k) for k in range(found + 1))


@pytest.mark.parametrize(
    ("found", "trials", "expected"),
    [
        (0, np.inf, 3.0),
        (0, np.inf, 12.0),
        (2, np.inf, 9.5),
        (14, np.inf, 5.0),
        (120, np.inf, 160.0),
        (0, 8, 4.8),
        (5, 6, 2.4),
        (30, 60, 40.0),
        (1, 2, 1.0),
    ],
)
def test_scores_are_those_of_the_exact_distributions(found: int, trials: float, expected: float) -> None:
    exact = NormalDist().inv_cdf(at_most(found, trials, expected))
    score = float(score_of_at_most(np.array([float(found)]), np.array([trials]), np.array([expected]))[0])
    assert score == pytest.approx(exact, abs=0.06)


def test_any_figures_have_a_score() -> None:
    rng = np.random.default_rng(1)
    trials = np.where(rng.random(5_000) < 0.5, np.inf, rng.integers(0, 50, 5_000))
    found, expected = rng.integers(0, 60, 5_000).astype(float), rng.random(5_000) * 40
    assert np.isfinite(score_of_at_most(found, trials, expected)).all()
