"""How the company's links are tagged, and what the truth makes of that."""

from datetime import date

import numpy as np
import pytest

from sandbox.company.locales import BY_CODE
from sandbox.company.tagging import tagged, tags_of
from sandbox.company.traffic import catalogues
from sandbox.company.truth.coding import distance
from sandbox.company.truth.tags import is_coded, meant, tag_of

CODE = "NL-2026Q1-SEA-SEN-01"


def test_most_links_say_the_code_some_say_it_otherwise_and_some_say_something_else() -> None:
    rng = np.random.default_rng(1)
    served = [tagged(CODE, rng) for _ in range(2_000)]
    otherwise, wrong = tags_of(CODE)
    shares = [sum(one in known for one in served) / len(served) for known in (
        {CODE}, {tag.served for tag in otherwise}, {tag.served for tag in wrong}
    )]  # fmt: skip
    assert sum(shares) == 1
    assert shares == pytest.approx([0.81, 0.08, 0.11], abs=0.03)


def test_a_tag_means_one_thing_whatever_code_it_was_made_from() -> None:
    seen: dict[str, tuple[object, ...]] = {}
    for code in (CODE, "NL-2026Q1-SEA-AUT-01", "BE-FR-2026Q1-EML-ALL-03", "BE-FR-2026Q1-EML-SRV-03"):
        for tag in (one for tags in tags_of(code) for one in tags):
            assert seen.setdefault(tag.served, tag) == tag
            assert tag_of(tag.served) == tag


def test_what_is_spelled_otherwise_is_coded_and_what_is_wrong_is_not() -> None:
    otherwise, wrong = tags_of(CODE)
    assert {meant(tag.served) for tag in otherwise} == {CODE}
    assert all(is_coded("Paid Search", tag.served) is True for tag in otherwise)
    assert all(is_coded("Paid Search", tag.served) is False for tag in wrong)
    assert is_coded("Organic Search", "(organic)") is None
    assert (tag_of("(not set)").problem, is_coded("Email", "(not set)")) == ("missing", False)


def test_tagging_is_a_stream_of_its_own_and_moves_no_share_of_traffic() -> None:
    market, quarter = BY_CODE["be-fr"], (date(2026, 1, 1), date(2026, 3, 31))
    one, other = (catalogues(market, *quarter, seed)["2026Q1"] for seed in (7, 7))
    assert one.rows == other.rows
    assert all(row[5] in {meant(row[5]), row[5]} for row in one.rows)
    assert {len(meant(row[5])) for row in one.rows if row[4] == "cpc" and is_coded("Paid Search", row[5])} == {23}


@pytest.mark.parametrize(
    ("one", "other", "far"), [("", "abc", 3), ("abc", "abc", 0), ("SEA-01", "SEA-SEN-01", 4), ("GGL", "SEA", 3)]
)
def test_distance_counts_letters_put_in_left_out_or_changed(one: str, other: str, far: int) -> None:
    assert distance(one, other) == distance(other, one) == far
