"""Two tables beside each other: the rows in which they differ."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Key = tuple[Any, ...]
Difference = tuple[Key, Any, Any]
"""Key, what was expected, what was found."""


def differences(
    expected: Mapping[Key, Any], found: Mapping[Key, Any], same: Callable[[Any, Any], bool] | None = None
) -> list[Difference]:
    """The keys of either whose values are missing on one side, or not the same."""
    keys: Iterable[Key] = sorted(expected.keys() | found.keys(), key=str)
    equal = same or (lambda left, right: left == right)
    return [
        (key, expected.get(key), found.get(key))
        for key in keys
        if key not in expected or key not in found or not equal(expected[key], found[key])
    ]
