"""mart_content beside the company's own truth."""

from fractions import Fraction
from typing import Any

from sandbox.company.truth import content
from sandbox.company.truth.observation import Observation

COLUMNS = (
    "locale, business_line, month, page_path, page_views, engagement_seconds, key_events, entrances, "
    + ", ".join(f"{stage}_credit" for stage in content.STAGES)
)
QUERY = f"SELECT {COLUMNS} FROM mart_content"

_SMALLEST_CREDIT = Fraction(1, 10**6)


def expected(observation: Observation) -> dict[tuple[Any, ...], Any]:
    """What the mart should hold: (locale, business line, month, page) → counts, then credit by stage."""
    return dict(content.pages(observation))


def found(rows: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
    """What it holds, alike."""
    return {row[:4]: content.Page(tuple(map(int, row[4:8])), tuple(map(Fraction, row[8:]))) for row in rows}


def same(left: content.Page, right: content.Page) -> bool:
    """Counts exactly, credit to a millionth (the mart's is in decimals)."""
    return left.counts == right.counts and all(
        abs(here - there) <= _SMALLEST_CREDIT for here, there in zip(left.earned, right.earned, strict=True)
    )
