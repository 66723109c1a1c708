"""The grammar of campaign codes: one regular expression that names the parts of a code."""

import re

from pydantic_core import PydanticCustomError

PARTS = ("market", "year", "quarter", "type", "business_line", "number")

_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\((?:\?P<(?P<name>\w+)>|(?!\?))")
"""An escape, a set of characters, or the beginning of a group that captures."""

_BEYOND_SQL = re.compile(r"\(\?(?:[=!(]|<[=!]|P=)|\\[1-9]")


def check_grammar(pattern: str) -> None:
    """Raise PydanticCustomError unless the pattern names known parts only, in what every database's engine knows."""
    try:
        names = set(re.compile(pattern).groupindex)
    except re.error:
        raise PydanticCustomError("not_allowed", "a regular expression") from None
    if _BEYOND_SQL.search(pattern):
        raise PydanticCustomError("not_allowed", "a pattern that neither looks ahead or back nor repeats a group")
    if not names <= set(PARTS):
        raise PydanticCustomError("not_allowed", "{rule}", {"rule": "parts named " + ", ".join(PARTS)})


def part_patterns(pattern: str) -> dict[str, str]:
    """For each part the pattern names, and the whole `code`, the pattern with that part as its only group."""

    def only(part: str) -> str:
        def group(found: re.Match[str]) -> str:
            if not found[0].startswith("("):
                return found[0]
            return "(" if found["name"] == part else "(?:"

        return _GROUP.sub(group, pattern)

    named = re.compile(pattern).groupindex
    return {"code": f"({only('')})"} | {part: only(part) for part in PARTS if part in named}
