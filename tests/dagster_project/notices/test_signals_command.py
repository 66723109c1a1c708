"""`trechter signals` shows what is open, and what is over if it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli import app
from tests.dagster_project.notices.signals import over, project, publish, signal


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRECHTER_HOME", str(tmp_path))
    monkeypatch.delenv("TRECHTER_DATA", raising=False)
    settings = project(tmp_path, {}, {})[0]
    publish(settings, [signal("a"), over(signal("b")), signal("c", locale="de", signal_kind="uncoded_spend")])
    return tmp_path


def trechter(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["signals", *arguments])


def test_what_is_open_is_shown_with_what_where_since_when_how_unusual_and_whose(home: Path) -> None:
    said = trechter("--locale", "nl").output
    for text in (
        "nl",
        "2026-06-29",
        "Sessions: 4000, where 10000 would be usual",
        "once in 274 years",
        "marketing.nl@",
    ):
        assert text in said
    assert "recovered" not in said


def test_for_programs_it_is_json(home: Path) -> None:
    assert [one["signal_id"] for one in json.loads(trechter("--json").output)] == ["c", "a"]
    assert [one["signal_id"] for one in json.loads(trechter("--json", "--over", "--locale", "nl").output)] == ["a", "b"]
    assert [one["signal_id"] for one in json.loads(trechter("--json", "--kind", "uncoded_spend").output)] == ["c"]


def test_a_kind_that_does_not_exist_is_said_with_those_that_do(home: Path) -> None:
    answer = trechter("--kind", "sales")
    assert answer.exit_code == 2


def test_where_nothing_is_wrong_it_says_so(home: Path) -> None:
    assert "Nothing is out of the ordinary." in trechter("--locale", "uk").output
