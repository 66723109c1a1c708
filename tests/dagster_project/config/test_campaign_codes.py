"""A grammar with named parts becomes a pattern for each part, which has no other group."""

from __future__ import annotations

import re
from pathlib import Path

from dagster_project.config import load_config
from dagster_project.config.campaign_codes import for_capitals, listed_values, part_patterns, prefix_patterns

COMMITTED = Path(__file__).parents[3] / "config"


def test_every_part_of_head_offices_codes_can_be_read() -> None:
    codes = load_config(COMMITTED).campaign_codes
    patterns = part_patterns(codes.pattern)
    assert all(re.compile(pattern).groups == 1 for pattern in patterns.values())
    found = {part: re.fullmatch(pattern, codes.examples[1]) for part, pattern in patterns.items()}
    assert {part: match and match[1] for part, match in found.items()} == {
        "code": codes.examples[1],
        "market": "BE-FR", "year": "2026", "quarter": "1", "type": "WBN", "business_line": "AUT", "number": "01",
    }  # fmt: skip


def test_only_groups_are_taken_for_groups() -> None:
    assert part_patterns(r"[(]\((a)(?P<year>b)(?:c)")["year"] == r"[(]\((?:a)(b)(?:c)"


def test_a_grammar_may_name_nothing() -> None:
    assert part_patterns("[A-Z]+") == {"code": "([A-Z]+)"}


def test_a_code_is_read_from_its_beginning_part_by_part() -> None:
    codes = load_config(COMMITTED).campaign_codes
    prefixes = prefix_patterns(codes.pattern)
    assert list(prefixes) == ["market", "year", "quarter", "type", "business_line", "number"]
    read = [match[0] for pattern in prefixes.values() if (match := re.match(pattern, "BE-FR-2026Q1-WBN-AUT-01"))]
    assert read == ["BE-FR", "BE-FR-2026", "BE-FR-2026Q1", "BE-FR-2026Q1-WBN", "BE-FR-2026Q1-WBN-AUT",
                    "BE-FR-2026Q1-WBN-AUT-01"]  # fmt: skip


def test_a_part_in_an_optional_group_ends_it() -> None:
    assert prefix_patterns("(?P<market>[A-Z]{2})(?:-(?P<type>[A-Z]+)-x)?(?P<number>[0-9])*") == {
        "market": "([A-Z]{2})",
        "type": "(?:[A-Z]{2})(?:-([A-Z]+))",
        "number": "(?:[A-Z]{2})(?:-(?:[A-Z]+)-x)?([0-9])*",
    }


def test_markets_are_the_locales_and_lines_those_with_a_code() -> None:
    config = load_config(COMMITTED)
    values = set(listed_values(config.campaign_codes, config.business_lines, config.locales))
    assert {("market", "BE-FR"), ("type", "WBN"), ("business_line", "SEN"), ("business_line", "ALL")} <= values
    assert {part for part, _ in values} == {"market", "type", "business_line"}
    bare = config.campaign_codes.model_copy(update={"pattern": "[A-Z]+"})
    assert list(listed_values(bare, config.business_lines, config.locales)) == []


def test_a_grammar_in_small_letters_reads_names_in_capitals() -> None:
    assert for_capitals(r"(?P<market>[A-Z]{2})-\d") == r"(?P<market>[A-Z]{2})-\d"
    small = for_capitals(r"(?P<market>[a-z]{2})-\d")
    assert [re.fullmatch(pattern, "NL-1") is not None for pattern in part_patterns(small).values()] == [True, True]
    assert re.match(prefix_patterns(small)["market"], "NL-1")
