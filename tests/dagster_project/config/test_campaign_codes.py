"""A grammar with named parts becomes a pattern for each part, which has no other group."""

from __future__ import annotations

import re
from pathlib import Path

from dagster_project.config import load_config
from dagster_project.config.campaign_codes import part_patterns

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
