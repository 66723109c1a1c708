"""A configuration to make mistakes in, and what is then said of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dagster_project.config import ConfigurationProblems, Problem, load_config

COMMITTED = Path(__file__).parents[3] / "config"
AS_OF = datetime(2026, 7, 1, 6, tzinfo=UTC)


def edit(config: Path, file: str, old: str, new: str) -> int:
    """Replace text that is there exactly once; gives the line it stands on."""
    path = config / file
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def problems(config: Path) -> list[Problem]:
    """What is wrong with a configuration that is not loaded."""
    with pytest.raises(ConfigurationProblems) as raised:
        load_config(config)
    return raised.value.problems


def only_problem(config: Path) -> Problem:
    """The one thing that is."""
    found = problems(config)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]
