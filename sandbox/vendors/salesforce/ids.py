"""Record ids as clients write them."""

from __future__ import annotations

from sandbox.company.ids import checksum


def to_18(record_id: str) -> str:
    """A 15-character id with its checksum; anything else unchanged."""
    return record_id + checksum(record_id) if len(record_id) == 15 else record_id


def made_up(prefix: str, number: int) -> str:
    """An 18-character id of the org's own (a job, a user), from a counter."""
    return to_18(f"{prefix}{number:012d}")
