"""Record Ids in one form: 18 characters, which say the same whatever a spreadsheet does to their case."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from connectors.privacy import map_distinct

CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
"""Each of the three last characters says which of five are capitals (help.salesforce.com, 000383751)."""


def long_id(text: str) -> str:
    """The 18-character form of a 15-character Id; anything else unchanged."""
    if len(text) != 15:
        return text
    parts = (text[start : start + 5] for start in (0, 5, 10))
    bits = (sum(1 << place for place, letter in enumerate(part) if "A" <= letter <= "Z") for part in parts)
    return text + "".join(CHECKSUM[number] for number in bits)


def long_ids(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """``long_id`` of every value; free where all are long already, as the API sends them."""
    shortest = pc.min(pc.utf8_length(column)).as_py()
    return column if shortest is None or shortest >= 18 else map_distinct(column, long_id)
