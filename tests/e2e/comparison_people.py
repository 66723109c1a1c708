"""Who is part of a deal and who goes by which name, beside the company's own truth."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from sandbox.company.truth import people
from sandbox.company.truth.observation import Observation

Rows = Callable[[str], list[tuple[Any, ...]]]
Difference = tuple[tuple[Any, ...], Any, Any]

SMALLEST_WEIGHT = Fraction(1, 10**11)


def deal_prospects(observation: Observation, rows: Rows) -> list[Difference]:
    """Everybody's part in every deal."""
    expected = {(one.deal_id, _plain(one.prospect)): one[2:] for one in people.parts(observation)}
    query = "SELECT opportunity_id, prospect_id, deal_role, is_funnel_prospect, weight FROM bridge_deal_prospects"
    found = {(_plain(row[0]), _plain(row[1])): (row[2], row[3], Fraction(row[4])) for row in rows(query)}
    differences = _differences(expected.keys(), found.keys())
    for key in expected.keys() & found.keys():
        (*title, weight), (*mart_title, mart_weight) = expected[key], found[key]
        if title != mart_title or abs(weight - mart_weight) > SMALLEST_WEIGHT:
            differences.append((key, expected[key], found[key]))
    return differences


def prospect_aliases(observation: Observation, rows: Rows) -> list[Difference]:
    """Every alias, why it is one, and since when."""
    expected = {one.record_id: (_plain(one.prospect), one.reason, one.since) for one in people.aliases(observation)}
    query = "SELECT alias_id, prospect_id, alias_reason, epoch(aliased_at)::BIGINT FROM dim_prospect_aliases"
    found = {_plain(row[0]): (_plain(row[1]), *row[2:]) for row in rows(query)}
    differences = _differences([(name,) for name in expected], [(name,) for name in found])
    both = expected.keys() & found.keys()
    return differences + [((name,), expected[name], found[name]) for name in both if expected[name] != found[name]]


def _plain(name: str) -> str:
    """An id without its org, and without what the truth says it stands for: Salesforce's are unique in this company."""
    return name.partition("@")[0].rpartition(":")[2]


def _differences(expected: Any, found: Any) -> list[Difference]:
    left, right = set(expected), set(found)
    missing: Sequence[Difference] = [(key, "in the truth", None) for key in sorted(left - right)]
    return [*missing, *((key, None, "in the mart") for key in sorted(right - left))]
