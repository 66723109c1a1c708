"""What the tags of links mean, known from how they were made: nothing is read off them here."""

from datetime import date
from functools import cache

from sandbox.company.locales import FIRST_DAY, LAST_DAY, LOCALES
from sandbox.company.tagging import Tag, tags_of
from sandbox.company.web_catalogue import campaign_codes, quarter_label

_NEED_A_CODE = frozenset({"Paid Search", "Paid Social", "Display", "Email", "unmapped"})


@cache
def _all_tags() -> dict[str, Tag]:
    quarters = {quarter_label(date(year, month, 1)) for year in range(FIRST_DAY.year, LAST_DAY.year + 1)
                for month in (1, 4, 7, 10)}  # fmt: skip
    found: dict[str, Tag] = {}
    for code in (code for market in LOCALES for quarter in quarters for code in campaign_codes(market, quarter)):
        otherwise, wrong = tags_of(code)
        found |= {tag.served: tag for tag in (Tag(code, code), *otherwise, *wrong)}
    return found


def tag_of(served: str) -> Tag:
    """What a campaign says; what no campaign of ours says is Google's own, or of nobody's making."""
    tag = _all_tags().get(served)
    return tag or Tag(served, served, "missing" if served.startswith("(") else "malformed")


def meant(served: str) -> str:
    """The campaign in one spelling."""
    return tag_of(served).meant


def is_coded(channel: str, served: str) -> bool | None:
    """Whether a campaign has the code it needs; None where it needs none."""
    return tag_of(served).problem is None if channel in _NEED_A_CODE else None
