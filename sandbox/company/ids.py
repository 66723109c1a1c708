"""Salesforce record ids: 15 case-sensitive characters and a 3-character checksum of their case."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_BASE62 = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
_CHECK = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"))
_BLOCK = 4_096
# Numbers start here so that ids mix digits, capitals and small letters, as real ones do.
_FIRST = 62**4 + 54_321

KEY_PREFIXES = {
    "Lead": "00Q",
    "LeadHistory": "017",
    "Contact": "003",
    "Account": "001",
    "Opportunity": "006",
    "OpportunityHistory": "008",
    "OpportunityFieldHistory": "017",
    "OpportunityContactRole": "00K",
    "OpportunityLineItem": "00k",
    "Product2": "01t",
    "Task": "00T",
    "Event": "00U",
    "Campaign": "701",
    "CampaignMember": "00v",
    "User": "005",
    "CurrencyType": "01L",
    "DatedConversionRate": "04w",
}
# All field histories share a prefix, and no two of their rows an id.
_SERIES = {"OpportunityFieldHistory": "1"}


def checksum(id15: str) -> str:
    """The 3-character suffix of a 15-character id: one base-32 digit a group of five, a bit a capital."""
    chunks = (id15[start : start + 5] for start in (0, 5, 10))
    bits = (sum(1 << place for place, char in enumerate(chunk) if "A" <= char <= "Z") for chunk in chunks)
    return "".join(str(_CHECK[bit]) for bit in bits)


def _block(stem: str, first: int, count: int) -> list[str]:
    numbers = np.arange(first, first + count, dtype=np.int64)
    chars = np.empty((count, 15), dtype="<U1")
    chars[:, :6] = list(stem)
    for place in range(14, 5, -1):
        chars[:, place] = _BASE62[numbers % 62]
        numbers //= 62
    capital: NDArray[np.int64] = ((chars >= "A") & (chars <= "Z")).astype(np.int64)
    weights = np.array([1, 2, 4, 8, 16])
    suffix = [_CHECK[capital[:, start : start + 5] @ weights] for start in (0, 5, 10)]
    whole = np.ascontiguousarray(np.column_stack([chars, *suffix]))
    return [str(value) for value in whole.view("<U18").ravel()]


class IdMint:
    """Hands out the ids of one object of one org, in ascending order."""

    def __init__(self, object_name: str, pod: str) -> None:
        self._stem = KEY_PREFIXES[object_name] + pod + _SERIES.get(object_name, "0")
        self._next = _FIRST
        self._ready: Iterator[str] = iter(())

    def __call__(self) -> str:
        """The next id, 18 characters."""
        for value in self._ready:
            return value
        self._ready = iter(_block(self._stem, self._next, _BLOCK))
        self._next += _BLOCK
        return next(self._ready)
