"""Loads too large for memory: written as they come, visible all at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import LandingConflict
from connectors.landing import Dataset, Landing, first_load

SCHEMA = pa.schema([("id", pa.string()), ("system_modstamp", pa.timestamp("us", "UTC"))])
LEADS = Dataset("salesforce", "lead", SCHEMA, "changes", "system_modstamp", ("id", "system_modstamp"))
END = datetime(2026, 7, 1, 5, 55, tzinfo=UTC)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, lambda: END)


def rows(*numbers: int) -> pa.Table:
    stamp = datetime(2009, 3, 4, tzinfo=UTC)
    return pa.table({"id": [f"00Q{number}" for number in numbers], "system_modstamp": [stamp] * len(numbers)}, SCHEMA)


def ids(landing: Landing, scope: str) -> list[str]:
    return sorted(landing.read(LEADS, scope)["id"].to_pylist())


def test_pieces_become_one_file_a_scope_and_a_window_each(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    """OP-07."""
    monkeypatch.setattr(first_load, "BUFFERED_ROWS", 2)
    with landing.first_load(LEADS, ["nl", "de", "se"], END, "global") as load:
        for number in range(9):
            load.add("nl" if number % 3 else "de", rows(number))
        assert landing.is_new(LEADS, "nl")
        commits = load.commit({"method": "bulk"}, END)
    assert {scope: commit.rows for scope, commit in commits.items()} == {"nl": 6, "de": 3, "se": 0}
    assert ids(landing, "de") == ["00Q0", "00Q3", "00Q6"]
    assert [len(landing.files("salesforce", "lead", scope)) for scope in ("nl", "de", "se")] == [1, 1, 0]
    assert all(landing.covered_until(LEADS, scope) == END for scope in ("nl", "de", "se"))


def test_a_load_that_begins_again_or_is_given_up_leaves_nothing_of_what_was(
    landing: Landing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-12."""
    monkeypatch.setattr(first_load, "BUFFERED_ROWS", 0)
    with landing.first_load(LEADS, ["nl"], END, "global") as load:
        load.add("nl", rows(1, 2))
        load.restart()
        load.add("nl", rows(3))
        load.commit({}, END)
    assert ids(landing, "nl") == ["00Q3"]
    with landing.first_load(LEADS, ["de"], END, "global") as load:
        load.add("de", rows(4))
    assert landing.is_new(LEADS, "de")
    assert list((landing.root / ".staging").iterdir()) == []


def test_of_two_first_loads_of_a_scope_one_is_refused(landing: Landing) -> None:
    with landing.first_load(LEADS, ["nl"], END, "global") as slow:
        slow.add("nl", rows(1))
        with landing.first_load(LEADS, ["nl"], END, "global") as fast:
            fast.add("nl", rows(1, 2))
            fast.commit({}, END)
        with pytest.raises(LandingConflict):
            slow.commit({}, END)
    assert ids(landing, "nl") == ["00Q1", "00Q2"]
