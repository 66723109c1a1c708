"""`trechter targets`: how each target stands, in words and for programs."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli import app
from dagster_project.lib import builds

COLUMNS = """
    locale VARCHAR, business_line VARCHAR, kpi VARCHAR, period_type VARCHAR, period_start DATE, period_end DATE,
    status VARCHAR, kind VARCHAR, is_fixed BOOLEAN, currency VARCHAR, target_value DECIMAL(18, 4),
    target_growth_rate DECIMAL(38, 10), actual_value DECIMAL(38, 4), attainment_rate DECIMAL(38, 10),
    fx_effect_budget DECIMAL(38, 4), expected_to_date DECIMAL(38, 4), gap DECIMAL(38, 4), forecast_value DECIMAL(38, 4),
    forecast_lower DECIMAL(38, 4), forecast_upper DECIMAL(38, 4), forecast_method VARCHAR,
    forecast_error_rate DECIMAL(38, 10), attainment_status VARCHAR, likely_value DECIMAL(38, 4), is_unlikely BOOLEAN,
    owner VARCHAR, as_of_date DATE, source_file VARCHAR, source_line INTEGER"""
ROWS = """
    ('uk', 'all', 'sales_amount', 'fiscal_year', '2026-01-01', '2026-12-31', 'accepted', 'absolute', false, 'GBP',
     8600000, 0.1, 4000000.4, 0.47, NULL, 4200000, -200000, 8400000, 8000000, 8900000, 'exponential_smoothing', 0.05,
     'at_risk', 8100000, false, 'uk@acme.example', '2026-06-30', 'targets/2026.csv', 6),
    ('nl', 'sensors', 'mql_to_sql_rate', 'quarter', '2026-04-01', '2026-06-30', 'proposed', 'absolute', false, NULL,
     0.5, NULL, 0.4, 0.8, NULL, 0.5, -0.1, NULL, NULL, NULL, NULL, NULL,
     'missed', NULL, false, 'nl@acme.example', '2026-06-30', 'targets/2026.csv', 7),
    ('nl', 'all', 'sales', 'month', '2026-07-01', '2026-07-31', 'accepted', 'absolute', false, NULL,
     900, NULL, NULL, NULL, NULL, 0, NULL, 41.25, 30, 55, 'seasonal_naive', 0.2,
     'at_risk', 40, true, 'nl@acme.example', '2026-06-30', 'targets/2026.xlsx#Sales', 8)"""


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build with three targets."""
    monkeypatch.setenv("TRECHTER_DATA", str(tmp_path))
    published = tmp_path / "published"
    with builds.publishing(published) as (build_id, staging):
        with duckdb.connect(staging / builds.DATABASE) as connection:
            connection.execute(f"CREATE TABLE mart_targets ({COLUMNS})")
            connection.execute(f"INSERT INTO mart_targets VALUES {ROWS}")
        builds.commit(published, staging, builds.Build(build_id, "", "", "", {}, 0))
    return published


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["targets", *arguments], env={"COLUMNS": "250"})


def lines(answer: Result) -> list[str]:
    assert answer.exit_code == 0
    return [" ".join(line.split()) for line in answer.output.splitlines() if "@" in line]


def test_an_owner_reads_what_was_promised_reached_expected_and_foretold(published: Path) -> None:
    assert lines(ask("--locale", "uk")) == [
        "uk sales_amount 2026-01 to 2026-12 GBP 8,600,000 GBP 4,000,000 GBP 4,200,000 GBP 8,400,000 "
        "GBP 8,000,000 to GBP 8,900,000 at risk uk@acme.example"
    ]


def test_targets_whose_period_is_over_are_shown_when_asked_for(published: Path) -> None:
    assert not any("mql_to_sql_rate" in line for line in lines(ask()))
    missed = "nl sensors mql_to_sql_rate 2026-04 to 2026-06 50.0% (proposed) 40.0% 50.0% missed nl@acme.example"
    assert missed in lines(ask("--over"))
    assert lines(ask("--status", "missed")) == [missed]


def test_a_target_that_is_hardly_meant_names_its_file_and_line_and_both_figures(published: Path) -> None:
    assert "targets/2026.xlsx#Sales:8: 900 is far from the 40 that last year makes likely" in ask().output


def test_programs_get_every_figure(published: Path) -> None:
    rows = json.loads(ask("--json", "--over").output)
    assert [(row["locale"], row["kpi"]) for row in rows] == [
        ("nl", "mql_to_sql_rate"),
        ("nl", "sales"),
        ("uk", "sales_amount"),
    ]
    assert rows[1]["forecast_method"] == "seasonal_naive"


def test_no_target_is_said_in_words(published: Path) -> None:
    assert "There is no such target." in ask("--locale", "fr").output
