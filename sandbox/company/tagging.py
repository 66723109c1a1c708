"""How links are tagged with a campaign's code: most of them well, some in another spelling, some wrong.

`tags_of` has all the ways in which a code can be found on links, and what each of them says and what is wrong with it;
the markets' links and the truth both come from there.
"""

from typing import NamedTuple

import numpy as np

_OTHERWISE_SHARE = 0.08
_WRONG_SHARE = 0.11


class Tag(NamedTuple):
    """A campaign as a report shows it (`served`), in one spelling (`meant`), and what is wrong with it and where."""

    served: str
    meant: str
    problem: str | None = None
    part: str | None = None


def tags_of(code: str) -> tuple[list[Tag], list[Tag]]:
    """Other spellings of a code such as NL-2026Q1-SEA-SEN-01, and what is no code of head office's."""
    stem, line, number = code.rsplit("-", 2)
    market_and_quarter, kind = stem.rsplit("-", 1)
    otherwise = [
        code.lower(),
        code.replace("-", "%2D"),
        code.replace("-", "%252D"),
        code.replace("-", "\N{EN DASH}"),
        f"{code}%20",
        f"{code},{code}",
        f"{code.lower()}&utm_campaign={code.lower()}",
    ]
    without_line = f"{stem}-{number}"
    by_hand = code.replace("-", "_")
    wrong = [
        Tag(without_line, without_line.lower(), "malformed", "business_line"),
        Tag(f"{without_line.lower()}%20", without_line.lower(), "malformed", "business_line"),
        Tag(by_hand, by_hand.lower(), "malformed", "year" if code.count("-") == 4 else "market"),
        Tag(
            f"{market_and_quarter}-GGL-{line}-{number}", f"{market_and_quarter}-GGL-{line}-{number}", "unknown", "type"
        ),
        Tag(f"{stem}-ROB-{number}", f"{stem}-ROB-{number}", "unknown", "business_line"),
        Tag(f"XX{code[2:]}", f"XX{code[2:]}", "unknown", "market"),
        Tag("Spring+Sale", "spring sale", "malformed", "market"),
        Tag(f"{{campaign.{kind.lower()}}}", f"{{campaign.{kind.lower()}}}", "placeholder"),
    ]
    return [Tag(served, code) for served in otherwise], wrong


def tagged(code: str, rng: np.random.Generator) -> str:
    """What the link of a campaign says."""
    chance, choice = rng.random(), rng.integers(0, 1_000)
    otherwise, wrong = tags_of(code)
    if chance < _OTHERWISE_SHARE:
        return otherwise[choice % len(otherwise)].served
    if chance < _OTHERWISE_SHARE + _WRONG_SHARE:
        return wrong[choice % len(wrong)].served
    return code
