"""How head office codes campaigns: one regular expression that names the parts of a code, the values they may have, and
which traffic needs a code."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Literal, Protocol

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.locales import Channel
from dagster_project.config.values import suggestion

PARTS = ("market", "year", "quarter", "type", "business_line", "number")
Value = Annotated[str, Field(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
CodedChannel = Literal[Channel, "unmapped"]
Note = Callable[[str, tuple[str | int, ...], object, str], None]

_FILE = "campaign_codes.yml"
_GROUP = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\((?:\?P<(?P<name>\w+)>|(?!\?))")
"""An escape, a set of characters, or the beginning of a group that captures."""

_BRACKET = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\((?:\?P<(?P<name>\w+)>|\?:)?|\)(?:[*+?]|\{[0-9,]+\})?\??")
"""An escape, a set of characters, or the beginning or end of a group, with what says how often it may come."""

_BEYOND_SQL = re.compile(r"\(\?(?:[=!(]|<[=!]|P=)|\\[1-9]")


class CodedTraffic(Protocol):
    """What is asked of a business line here."""

    @property
    def campaign_code(self) -> str | None: ...


class Exemption(Model):
    """Traffic that needs no code although its channel does: by source, medium and campaign, whatever their case."""

    source: str | None = Field(default=None, min_length=1)
    medium: str | None = Field(default=None, min_length=1)
    campaign: str | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _asks_for_something(self) -> "Exemption":
        if self.source is None and self.medium is None and self.campaign is None:
            raise PydanticCustomError("not_allowed", "at least one of source, medium and campaign")
        return self


class CampaignCodes(Model):
    """`campaign_codes.yml`: the grammar of campaign codes, whose named groups are their parts, proven by examples.

    Markets are the locales', business lines those that have a `campaign_code`; `further_…` are allowed beside them.
    """

    pattern: str
    types: dict[Value, str] = Field(default_factory=dict)
    """Values of the part `type`, and what they stand for; any, where none is listed."""
    further_markets: tuple[Value, ...] = ()
    further_business_lines: tuple[Value, ...] = ()
    coded_channels: tuple[CodedChannel, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    examples: tuple[str, ...] = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _is_a_grammar(cls, value: str) -> str:
        check_grammar(value)
        return value

    @field_validator("examples")
    @classmethod
    def _follow_the_pattern(cls, values: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        pattern = info.data.get("pattern")
        if pattern is not None and not all(re.fullmatch(pattern, value) for value in values):
            raise PydanticCustomError("not_allowed", "codes that follow the pattern")
        return values


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


def for_capitals(pattern: str) -> str:
    """The pattern for names in capitals; as it is if it has no small letters, since that is read in half the time."""
    letters = re.sub(r"\\.|\(\?P<\w+>", "", pattern)
    return f"(?i:{pattern})" if re.search("[a-z]", letters) else pattern


def part_patterns(pattern: str) -> dict[str, str]:
    """For each part the pattern names, and the whole `code`, the pattern with that part as its only group."""

    named = re.compile(pattern).groupindex
    whole = f"({_only_group('', pattern)})"
    return {"code": whole} | {part: _only_group(part, pattern) for part in PARTS if part in named}


def prefix_patterns(pattern: str) -> dict[str, str]:
    """For each part, in the order in which a code is read, the pattern up to its end, with that part as its only group.
    A part inside an optional group ends it."""
    found: dict[str, str] = {}
    open_groups: list[str | None] = []
    for token in _BRACKET.finditer(pattern):
        if token[0].startswith("("):
            open_groups.append(token["name"])
        elif token[0].startswith(")"):
            name = open_groups.pop()
            if name is not None:
                found[name] = _only_group(name, pattern[: token.end()] + ")" * len(open_groups))
    return found


def listed_values(
    codes: CampaignCodes, lines: Iterable[CodedTraffic], locales: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """(part, value in capitals) of all values that parts may have, of the parts that are not free."""
    named = re.compile(codes.pattern).groupindex
    values: dict[str, Iterable[str | None]] = {
        "market": (*locales, *codes.further_markets),
        "type": tuple(codes.types),
        "business_line": (*(line.campaign_code for line in lines), *codes.further_business_lines),
    }
    for part, allowed in values.items():
        if part in named:
            yield from ((part, value) for value in sorted({value.upper() for value in allowed if value}))


def check_codes(codes: CampaignCodes, lines: Iterable[CodedTraffic], locales: Iterable[str], note: Note) -> None:
    """Note values of parts that the grammar does not name or could not read, and examples with values that are not
    allowed."""
    named = re.compile(codes.pattern).groupindex
    for field, part in (("types", "type"), ("further_markets", "market"), ("further_business_lines", "business_line")):
        values = getattr(codes, field)
        if values and part not in named:
            note(_FILE, (field,), ", ".join(values), f"nothing, or a pattern with a part named {part}")
    allowed: dict[str, list[str]] = {}
    for part, value in listed_values(codes, lines, locales):
        allowed.setdefault(part, []).append(value)
    for position, example in enumerate(codes.examples):
        read = re.fullmatch(codes.pattern, example)
        parts = read.groupdict() if read else {}
        for part, values in allowed.items():
            found = parts.get(part)
            if found is not None and found.upper() not in values:
                rule = f"a code whose {part} is one of {', '.join(values)}{suggestion(found, values)}"
                note(_FILE, ("examples", position), example, rule)


def _only_group(part: str, pattern: str) -> str:
    def group(found: re.Match[str]) -> str:
        if not found[0].startswith("("):
            return found[0]
        return "(" if found["name"] == part else "(?:"

    return _GROUP.sub(group, pattern)
