"""The sandbox's own commands: its truth and its clock."""

import json
from pathlib import Path

import pytest

from sandbox.__main__ import main


def test_truth_prints_the_six_kpis_of_every_market_and_their_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["truth", "--state", str(tmp_path), "--scale", "0.005", "--as-of", "2026-07-01"]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["locales"]
    assert len(told) == 13
    for kpi in ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales"):
        assert told["total"][kpi] == sum(numbers[kpi] for code, numbers in told.items() if code != "total") > 0
    assert main(asked) == 0
    assert len(capsys.readouterr().out.splitlines()) == 14


def test_the_clock_starts_on_the_demos_day_and_moves_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for wish in ([], ["--advance", "3"], [], ["--today", "2026-09-01"]):
        assert main(["clock", "--state", str(tmp_path), "--json", *wish]) == 0
        told.append(json.loads(capsys.readouterr().out)["now"])
    assert told == [f"2026-{day}T06:00:00Z" for day in ("07-01", "07-04", "07-04", "09-01")]


def test_the_impossible_is_refused_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "--state", str(tmp_path), "--advance", "-1"]) == 2
    assert "at least 1" in capsys.readouterr().err
    assert main(["truth", "--state", str(tmp_path), "--scale", "0", "--as-of", "2026-07-01"]) == 2
    assert "scale must be above 0" in capsys.readouterr().err
