"""What sales notes, corrects and throws away changes as many hand-overs and lines as it concerns, and no others."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from tests.dbt.people import Crm
from tests.dbt.runner import DbtProject, change, copied, rows, show_held
from tests.dbt.warehouse import insert

PEOPLE = ("00QA", "003A", "00QB", "00QC", "00QD", "00QX", None)
MATTERS = ("006A", "006F", "006G", None)
KEPT = ("facts.fct_handovers", "facts.fct_deal_lines", "facts.fct_deals", "marts.mart_handover", "marts.mart_deals")
MODELS = ("run", "--select", "+mart_handover", "+mart_deals")


def something_happens(org: Crm, chance: random.Random, moment: str) -> None:
    """A task or meeting is noted, done, noted with somebody else or thrown away; or a line, a product, an owner."""
    stamp, number = f"{moment}:00+00", chance.randrange(3)
    fate = {"is_deleted": chance.random() < 0.2, "system_modstamp": stamp}
    about = {"who_id": chance.choice(PEOPLE), "what_id": chance.choice(MATTERS)}
    what = chance.randrange(6)
    if what in {0, 1}:
        org.add("task", f"00TR{number}", "2026-01-08 13:00", is_closed=chance.random() < 0.8,
                completed_date_time=stamp, **about, **fate)  # fmt: skip
    elif what == 2:
        org.add("event", f"00UR{number}", "2026-01-08 13:00", start_date_time=stamp, **about, **fate)
    elif what == 3:
        org.add("opportunity_line_item", f"00kR{number}", "2026-01-21 09:00", opportunity_id=f"006{'AFG'[number]}",
                product2_id=chance.choice(["01tR", "01tO"]), total_price=str(chance.randrange(99)),
                currency_iso_code=["EUR", "USD", "JPY"][number], **fate)  # fmt: skip
    elif what == 4:
        org.add("product2", "01tO", "2025-12-01 09:00", revenue_type=chance.choice(["Yearly", "Once", None]), **fate)
    else:
        org.lead("00QB", "2026-01-06 10:00", "NL", email_key="bert", owner_id=f"005{number}", system_modstamp=stamp)


@pytest.mark.parametrize("seed", [1, 2])
def test_kept_hand_overs_and_lines_are_those_of_a_whole_build(
    seed: int, project: DbtProject, warehouse: Path, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    for step in range(2):
        org = Crm("global")
        for number in range(4):
            something_happens(
                org, chance, f"2026-01-{11 + step * 10 + number} {10 + number}:{chance.randrange(60):02d}"
            )
        land(warehouse, org, step + 2)
        assert project.run(warehouse, *MODELS).succeeded
        folder = tmp_path / str(step)
        folder.mkdir()
        whole = copied(warehouse, folder)
        mark(whole, is_new=True)
        assert project.run(whole, *MODELS, "--full-refresh").succeeded
        for table in KEPT:
            assert rows(warehouse, f"from {table} order by all") == rows(whole, f"from {table} order by all"), table


def test_an_activity_that_was_noted_with_the_wrong_person_leaves_them(project: DbtProject, warehouse: Path) -> None:
    org = Crm("global")
    org.add("event", "00UB", "2026-01-08 09:00", who_id="00QD", start_date_time="2026-01-13 09:00:00+00",
            system_modstamp="2026-01-20 09:00:00+00")  # fmt: skip
    land(warehouse, org, 2)
    assert project.run(warehouse, *MODELS).succeeded
    found = rows(warehouse, "select distinct prospect_id from facts.fct_handovers where first_activity_at is not null")
    # Anna, and Dirk under the Id of his older lead; no longer Bert.
    assert sorted(prospect[:4] for (prospect,) in found) == ["00QA", "00QE"]


def test_only_those_concerned_are_written_again(project: DbtProject, warehouse: Path) -> None:
    change(warehouse, "update facts.fct_handovers set owner_id = 'as it was'")
    org = Crm("global")
    org.add("task", "00TD", "2026-01-13 09:00", who_id="00QD", is_closed=True,
            completed_date_time="2026-01-13 09:00:00+00")  # fmt: skip
    land(warehouse, org, 2)
    assert project.run(warehouse, *MODELS).succeeded
    found = rows(
        warehouse, "select prospect_id[:4] from facts.fct_handovers where owner_id is distinct from 'as it was'"
    )
    assert found == [("00QE",)]


def land(warehouse: Path, org: Crm, load: int) -> None:
    """These rows land, and are all that no build has read."""
    mark(warehouse, is_new=False)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, landed in org.rows.items():
            insert(connection, table, ({**row, "_load_seq": load} for row in landed))


def mark(warehouse: Path, *, is_new: bool) -> None:
    """Say of all landed rows whether a build has read them, and show the state that the last one left if it has."""
    with duckdb.connect(str(warehouse)) as connection:
        novelty = "select table_name from information_schema.columns where column_name = '_is_new'"
        for (table,) in connection.execute(f"{novelty} and table_schema = 'landing'").fetchall():
            connection.execute(f"update landing.{table} set _is_new = {is_new}")
    show_held(warehouse, everything=is_new)
