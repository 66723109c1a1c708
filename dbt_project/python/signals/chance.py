"""How unusual it is to find so few, or so many, where so many were expected."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

UNLIMITED = 1e9
"""Trials beyond which the binomial distribution is Poisson's."""


def score_of_at_most(found: Array, trials: Array, expected: Array) -> Array:
    """The standard score of finding at most `found` among `trials` where `expected` are expected.

    Peizer and Pratt's approximation of the binomial distribution (Johnson, Kemp, Kotz, Univariate Discrete
    Distributions, 2005, section 3.6.1), which is Poisson's where trials are unlimited. Counts may be fractions, so that
    what scatters twice as much as chance is looked at as half as many.
    """
    trials = np.clip(trials, 1, UNLIMITED)
    found = np.clip(found, -0.4, trials - 0.6)
    share = np.clip(expected / trials, 1e-12, 1 - 1e-12)
    rest, others = 1 - share, trials - found
    off = found + 2 / 3 - (trials + 1 / 3) * share
    off = off + 0.02 * (rest / (found + 1) - share / others + (rest - 0.5) / (trials + 1))
    bend = 1 + rest * _bend((found + 0.5) / (trials * share)) + share * _bend((others - 0.5) / (trials * rest))
    score: Array = off * np.sqrt(np.maximum(bend, 1e-9) / ((trials + 1 / 6) * share * rest))
    return score


def _bend(ratio: Array) -> Array:
    """Peizer and Pratt's g: (1 - x² + 2x ln x) / (1 - x)², which is 1 at 0 and 0 at 1."""
    ratio = np.maximum(ratio, 1e-12)
    is_close = np.abs(1 - ratio) < 1e-3
    away = np.where(is_close, 2.0, ratio)
    return np.where(is_close, (1 - ratio) / 3, (1 - away**2 + 2 * away * np.log(away)) / (1 - away) ** 2)
