"""Finds figures that are not what they should be. Plain arrays in, episodes out; what the words mean is in
docs/semantics.md, Signals."""

from signals.series import KEYS, Series
from signals.watch import COLUMNS, episodes

__all__ = ["COLUMNS", "KEYS", "Series", "episodes"]
