"""Tags of links in one spelling: a table of examples, and what holds for any text at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt.runner import DbtProject

GOLDEN = Path(__file__).with_name("utm_values.csv")
Normalise = Callable[[Iterable[str]], dict[str, str]]

_SEEN = "aA1éÉßİ%+&?#=,;-–()\"' \t\u00a0\u200b\ufeff"
_PIECES = st.sampled_from(
    ["%20", "%2520", "%25", "%C3%A9", "%E9", "%22", "&amp;", "amp;", "utm_source=", "&utm_medium=x", "?gclid=1", ", "]
)
TEXTS = st.lists(st.one_of(st.text(alphabet=_SEEN, max_size=6), st.text(max_size=4), _PIECES), max_size=6).map("".join)


@pytest.fixture(scope="module")
def normalise(project: DbtProject, tmp_path_factory: pytest.TempPathFactory) -> Normalise:
    """The models' own SQL, on texts of ours."""
    sql = project.compiled(tmp_path_factory.mktemp("utm") / "warehouse.duckdb", "{{ normal_values_of('served') }}")
    connection = duckdb.connect()
    connection.execute("create table served (value varchar)")

    def run(texts: Iterable[str]) -> dict[str, str]:
        connection.execute("delete from served")
        connection.executemany("insert into served values (?)", [[text] for text in sorted(set(texts))])
        return dict(connection.execute(sql).fetchall())

    return run


def test_each_rule_has_an_example(normalise: Normalise) -> None:
    """AT-01: case, space, encoding, plus signs, encoding twice, duplicated parameters."""
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = normalise(row["served"] for row in rows)
    assert {row["served"]: found[row["served"]] for row in rows} == {row["served"]: row["normal"] for row in rows}
    assert all(row["rule"] for row in rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_spelling_again_what_is_spelled_well_changes_nothing(normalise: Normalise, texts: list[str]) -> None:
    """AT-01: f(f(x)) = f(x)."""
    texts = [text.replace("\0", "") for text in texts]
    once = normalise(texts)
    again = normalise(once.values())
    assert {value: again[value] for value in once.values()} == {value: value for value in once.values()}


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_every_text_gets_a_spelling_in_small_letters_without_spaces_at_its_ends(
    normalise: Normalise, texts: list[str]
) -> None:
    texts = [text.replace("\0", "") for text in texts]
    found = normalise(texts)
    assert found.keys() == set(texts)
    assert all(value and value == value.strip() and "  " not in value and "+" not in value for value in found.values())


@given(st.from_regex(r"[a-z0-9][a-z0-9._/-]{0,40}", fullmatch=True).filter(lambda text: not text.startswith("utm_")))
@settings(max_examples=30, deadline=None)
def test_however_a_plain_tag_is_encoded_it_is_the_same_tag(normalise: Normalise, text: str) -> None:
    def encoded(one: str) -> str:
        return "".join(f"%{byte:02X}" for byte in one.encode())

    spellings = [text, text.upper(), f" {text}\t", encoded(text), encoded(encoded(text)), f"{text},{text}"]
    assert set(normalise(spellings).values()) == {text}
