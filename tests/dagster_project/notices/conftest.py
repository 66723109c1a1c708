"""Waiting between attempts is noted, and not done."""

from __future__ import annotations

import pytest

from dagster_project.notices import senders


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, in seconds."""
    paused: list[float] = []
    monkeypatch.setattr(senders, "PAUSES", (0.0, 0.0, 0.0))
    monkeypatch.setattr("dagster_project.notices.senders.time.sleep", paused.append)
    return paused
