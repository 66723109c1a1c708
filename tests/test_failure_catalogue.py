"""Every failure that must be survived is named by a test, or by the page that says why it is not tested here.

The catalogue has areas: GA (Google Analytics), SF (Salesforce), FX (exchange rates), PR (privacy), OP (operations). A
test names the cases it is for by their ids in its docstring; `docs/reliability.md` describes the areas and lists what
is not tested.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "reliability.md"
CASE = re.compile(r"\b(?:GA|SF|PR|OP|FX)-\d\d\b")
NOT_TESTED_HEADING = "## Not tested here"
GOOGLE_ANALYTICS = [f"GA-{number:02d}" for number in range(1, 39)]
SALESFORCE = [f"SF-{number:02d}" for number in range(1, 60)]
EXCHANGE_RATES = [f"FX-{number:02d}" for number in range(1, 12)]


@cache
def named_by_tests() -> frozenset[str]:
    return frozenset(case for path in TESTS.rglob("test_*.py") for case in _cases_of(path))


def _cases_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from CASE.findall(ast.get_docstring(node) or "")


def listed_as_not_tested() -> dict[str, str]:
    """Case → reason, from the page's table."""
    table = PAGE.read_text().partition(NOT_TESTED_HEADING)[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in lines]
    return {case: row[-1] for row in rows for case in CASE.findall(row[0])}


def other_cases() -> list[str]:
    """The cases of the other areas that the page says the connectors answer for."""
    return sorted({case for case in CASE.findall(PAGE.read_text()) if case.startswith(("PR", "OP"))})


@pytest.mark.parametrize("case", [*GOOGLE_ANALYTICS, *SALESFORCE, *EXCHANGE_RATES, *other_cases()])
def test_a_known_failure_is_tested_or_the_page_says_why_not(case: str) -> None:
    assert case in named_by_tests() or listed_as_not_tested().get(case), f"{case}: no test, and no reason why not"


def test_no_test_names_a_case_that_does_not_exist() -> None:
    known = {*GOOGLE_ANALYTICS, *SALESFORCE, *EXCHANGE_RATES}
    assert {case for case in named_by_tests() if case.startswith(("GA", "SF", "FX"))} <= known
