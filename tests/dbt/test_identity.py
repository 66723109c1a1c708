"""Prospects are connected components of records, however long the way between two of them is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt.people import Crm
from tests.dbt.runner import DbtProject, rows
from tests.dbt.warehouse import insert

LENGTH = 1000


def chain(order: range) -> Crm:
    """Leads each merged into the next; `order` says which was made when."""
    org = Crm("global")
    for place, age in enumerate(order):
        merged: dict[str, Any] = (
            {"is_deleted": True, "master_record_id": f"00QM{place + 1:04d}"} if place + 1 < LENGTH else {}
        )
        org.lead(f"00QM{place:04d}", f"2025-06-01 {age // 60:02d}:{age % 60:02d}", "NL", **merged)
    return org


@pytest.mark.parametrize("order", [range(LENGTH), range(LENGTH - 1, -1, -1)], ids=["oldest first", "oldest last"])
def test_a_chain_of_a_thousand_merges_is_one_prospect(order: range, project: DbtProject, warehouse: Path) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        for table, landed in chain(order).rows.items():
            insert(connection, table, landed)
    assert project.run(warehouse, "run", "--full-refresh", "--select", "+int_records_resolved").succeeded
    oldest = f"00QM{order.index(0):04d}".ljust(18, "0") + "@global"
    found = (
        "select prospect_id, count(*) from intermediate.int_records_resolved where record_id like '00QM%' group by 1"
    )
    assert rows(warehouse, found) == [(oldest, LENGTH)]
