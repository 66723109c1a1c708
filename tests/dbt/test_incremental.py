"""What changed is replaced, nothing else is touched, and the result is that of a full refresh."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.dbt.company_web import days, session_rows, session_window
from tests.dbt.runner import DbtProject, change, copied, rows
from tests.dbt.warehouse import insert

FACT = ("run", "--select", "int_web_days_changed", "fct_web_sessions", "int_sessions_daily", "int_campaigns_daily")
KEPT = ("facts.fct_web_sessions", "intermediate.int_sessions_daily", "intermediate.int_campaigns_daily")


def replace_day(warehouse: Path, locale: str, day: date, count: int, content_hash: str) -> None:
    """What the landing does with a restated day: other rows, another hash."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from landing.ga4__sessions where _scope = ? and date = ?", [locale, day])
        connection.execute(
            "delete from landing.windows where scope = ? and window_start = ?", [locale, day.isoformat()]
        )
        insert(connection, "landing.ga4__sessions", session_rows(locale, day, count))
        insert(connection, "landing.windows", [session_window(locale, day, count, content_hash)])


@pytest.mark.parametrize("seed", [1, 2])
def test_incremental_equals_full_refresh_after_any_days_were_replaced(
    seed: int, project: DbtProject, held: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    for step in range(2):
        for _ in range(8):
            locale, day = chance.choice(("nl", "jp", "us")), chance.choice(list(days()))
            replace_day(held, locale, day, chance.randrange(7), f"{seed}-{step}-{chance.random()}")
        project.run(held, *FACT)
    (tmp_path / "fresh").mkdir()
    fresh = copied(held, tmp_path / "fresh")
    project.run(fresh, *FACT, "--full-refresh")
    for table in KEPT:
        query = f"from {table} order by all"
        assert rows(held, query) == rows(fresh, query), table


def test_a_restatement_that_removes_a_tuple_leaves_no_stale_row(project: DbtProject, held: Path) -> None:
    replace_day(held, "nl", date(2026, 3, 8), 1, "restated")
    project.run(held, *FACT)
    of_the_day = "select campaign from facts.fct_web_sessions where locale = 'nl' and session_date = '2026-03-08'"
    assert rows(held, of_the_day) == [("campaign-0",)]


def test_only_the_changed_days_are_written(project: DbtProject, held: Path) -> None:
    change(held, "update facts.fct_web_sessions set engaged_sessions = -1")
    replace_day(held, "nl", date(2026, 3, 8), 3, "restated")
    replace_day(held, "jp", date(2026, 2, 1), 0, "emptied")
    project.run(held, *FACT)
    written = "select distinct locale, session_date from facts.fct_web_sessions where engaged_sessions <> -1"
    assert rows(held, written) == [("nl", date(2026, 3, 8))]
    assert rows(held, "from facts.fct_web_sessions where locale = 'jp' and session_date = '2026-02-01'") == []


def test_a_new_business_line_rule_is_applied_to_all_days(project: DbtProject, held: Path) -> None:
    change(held, "insert into config.web_business_line_rules values (4, null, '/careers', 'services')")
    project.run(held, *FACT)
    lines = "select distinct business_line from facts.fct_web_sessions where landing_page = '/careers'"
    assert rows(held, lines) == [("services",)]


def test_a_locale_that_left_the_configuration_leaves_the_fact(project: DbtProject, held: Path) -> None:
    change(held, "delete from config.locales where locale = 'jp'")
    project.run(held, *FACT)
    locales = "select distinct locale from facts.fct_web_sessions order by locale"
    assert rows(held, locales) == [("nl",), ("us",)]
