"""What marketing and sales have agreed on: head office's times, unless a country has its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from dagster_project.config import load_config
from dagster_project.config.locales import HandOver
from dagster_project.lib.config_tables import TABLES

CONFIG = load_config(Path(__file__).parents[3] / "config")


def test_a_country_has_head_offices_times_or_its_own() -> None:
    (table,) = (table for table in TABLES if table.name == "hand_overs")
    rows = {row[0]: row[1:] for row in table.rows(CONFIG, datetime(2026, 7, 1, tzinfo=UTC))}
    assert rows["jp"] == (8, 7)
    assert {times for locale, times in rows.items() if locale != "jp"} == {(24, 14)}
    assert rows.keys() == CONFIG.locales.keys()


def test_nobody_is_forgotten_before_an_answer_was_due() -> None:
    with pytest.raises(ValidationError, match="no shorter than response_hours"):
        HandOver(response_hours=100, forgotten_after_days=3)
