"""Medians and the like, of a list of numbers."""

from collections.abc import Sequence


def quantile(values: Sequence[float], part: float) -> float | None:
    """The value below which a part of them lies, on the line between the two nearest; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
