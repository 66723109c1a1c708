"""`trechter restatements`: what changed of closed periods, in words and for programs."""

import json
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli import app
from dagster_project.lib import builds

ROWS = """
    (7, '2026-07-04 06:00:00+00', 'nl', 'all', 'month', '2026-06-01', '2026-06-30', 'mqls', 20, 25, 'late_data, merge', false),
    (7, '2026-07-04 06:00:00+00', 'nl', 'sensors', 'month', '2026-06-01', '2026-06-30', 'mqls', 4, 9, 'late_data', false),
    (7, '2026-07-04 06:00:00+00', 'nl', 'all', 'week', '2026-06-22', '2026-06-28', 'mqls', 5, 6, 'merge', false),
    (7, '2026-07-04 06:00:00+00', 'nl', 'all', 'month', '2026-06-01', '2026-06-30', 'sessions', 1000, 1010, 'restatement', true),
    (6, '2026-07-03 06:00:00+00', 'total', 'all', 'quarter', '2026-04-01', '2026-06-30', 'mql_to_sql_rate', 0.25, 0.2,
     'mapping_change', false)"""  # noqa: E501


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build with five restatements."""
    monkeypatch.setenv("TRECHTER_DATA", str(tmp_path))
    published = tmp_path / "published"
    with builds.publishing(published) as (build_id, staging):
        with duckdb.connect(staging / builds.DATABASE) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("CREATE TABLE mart_locales AS SELECT unnest(['de', 'nl']) AS locale")
            connection.execute(
                "CREATE TABLE mart_restatements (restated_build_id BIGINT, restated_as_of_at TIMESTAMPTZ, "
                "locale VARCHAR, business_line VARCHAR, period_type VARCHAR, period_start DATE, period_end DATE, "
                "kpi VARCHAR, previous_value DECIMAL(38, 10), value DECIMAL(38, 10), reasons VARCHAR, "
                "was_provisional BOOLEAN)"
            )
            connection.execute(f"INSERT INTO mart_restatements VALUES {ROWS}")
        builds.commit(published, staging, builds.Build(build_id, "", "", "", {}, 0))
    return published


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["restatements", *arguments])


def test_a_manager_reads_since_when_from_what_to_what_and_why(published: Path) -> None:
    answer = ask()
    assert answer.exit_code == 0
    lines = [" ".join(line.split()) for line in answer.output.splitlines() if "build" in line]
    assert lines == [
        "2026-07-04 (build 7) nl 2026-06 mqls 20 25 +25.00% "
        "CRM records came late or were changed; duplicates were merged",
        "2026-07-03 (build 6) total 2026-04 to 2026-06 mql_to_sql_rate 25.000% 20.000% -20.00% configuration changed",
    ]


def test_weeks_business_lines_and_what_had_to_be_expected_are_shown_when_asked_for(published: Path) -> None:
    assert "2026-W26" in ask("--weeks").output
    assert "sensors" in ask("--business-lines").output
    assert "Google corrected days" in ask("--provisional").output


def test_a_program_gets_every_figure_exactly(published: Path) -> None:
    rows = json.loads(ask("--json", "--locale", "total").output)
    assert [(row["kpi"], row["previous_value"], row["value"]) for row in rows] == [
        ("mql_to_sql_rate", "0.2500000000", "0.2000000000")
    ]


def test_more_than_asked_for_is_said_to_be_there(published: Path) -> None:
    assert "1 more" in ask("--limit", "1").output


def test_a_country_without_any_and_one_that_is_not(published: Path) -> None:
    assert "No published figure of a closed period has changed." in ask("--locale", "de").output
    answer = ask("--locale", "xx")
    assert answer.exit_code == 2
