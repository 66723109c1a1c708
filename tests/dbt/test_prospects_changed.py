"""Whatever changes in the CRMs and on the web, a build that works on what is new ends where a whole one would."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.lib.marts import marts_file
from dagster_project.lib.what_changed import STATE
from tests.dbt.people import Crm, visit, visit_window
from tests.dbt.runner import DbtProject, change, copied, rows, show_held
from tests.dbt.warehouse import insert

LEADS = [f"00QR{number}" for number in range(8)]
CONTACTS = [f"003R{number}" for number in range(4)]
DEALS = [f"006R{number}" for number in range(4)]
E_MAILS = [f"mail-{number}" for number in range(5)]
VISITORS = [f"visitor-{number}" for number in range(4)]
STATUSES = ("New", "Qualified", "Returned", "Rejected", "Done")
STAGES = ("Talking", "Accepted", "Won", "Lost")


class Company:
    """The landing of a warehouse, to which anything may happen next; `step` numbers what lands together."""

    def __init__(self, warehouse: Path, seed: int) -> None:
        self.warehouse, self.chance, self.step = warehouse, random.Random(seed), 1

    def move_on(self) -> None:
        """Some things happen, and are all there is that no build has read."""
        self.step += 1
        happenings: list[Callable[[Crm], None]] = [
            self.lead, self.lead, self.lead, self.contact, self.history, self.history, self.response, self.campaign,
            self.deal, self.deal, self.role,
        ]  # fmt: skip
        org = Crm("global")
        for number in range(self.chance.randrange(1, 7)):
            self.minute = number
            self.chance.choice(happenings)(org)
        with duckdb.connect(str(self.warehouse)) as connection:
            mark(connection, is_new=False)
            for table, landed in org.rows.items():
                insert(connection, table, ({**row, "_load_seq": self.step} for row in landed))
            if self.chance.random() < 0.5:
                self.web_day(connection)
        show_held(self.warehouse)

    def when(self) -> str:
        """An instant that nothing else happens at."""
        moment = date(2026, 1, 10) + timedelta(days=self.step)
        return f"{moment} {10 + self.minute}:{self.chance.randrange(60):02d}"

    def lead(self, org: Crm) -> None:
        """A lead is made, changes in any way, qualifies by a field, is merged, converted, moved or deleted."""
        fate = self.chance.random()
        more: dict[str, Any] = {}
        if fate < 0.2:
            more = {"is_deleted": True, "master_record_id": self.chance.choice([None, self.chance.choice(LEADS)])}
        elif fate < 0.5:
            more = {"converted_contact_id": self.chance.choice(CONTACTS), "status": "Done"}
            if self.chance.random() < 0.7:
                more["converted_opportunity_id"] = self.chance.choice(DEALS)
        lead = self.chance.choice(LEADS)
        if more.get("master_record_id") == lead:
            more["master_record_id"] = None
        more.setdefault("status", self.chance.choice(STATUSES))
        if self.chance.random() < 0.3:
            more["mql_at"] = f"{self.when()}:00+00"
        org.lead(
            lead, f"2026-01-0{1 + LEADS.index(lead)} 10:00", self.chance.choice(["NL", "JP", "DK"]),
            email_key=self.chance.choice([None, *E_MAILS]), visitor_key=self.chance.choice([None, *VISITORS]),
            system_modstamp=f"{self.when()}:00+00", **more,
        )  # fmt: skip

    def contact(self, org: Crm) -> None:
        """A contact is made, changes, or is deleted."""
        contact = self.chance.choice(CONTACTS)
        org.add(
            "contact", contact, f"2026-01-0{2 + CONTACTS.index(contact)} 12:00", locale_value="NL",
            email_key=self.chance.choice([None, *E_MAILS]), is_deleted=self.chance.random() < 0.2,
            system_modstamp=f"{self.when()}:00+00",
        )  # fmt: skip

    def history(self, org: Crm) -> None:
        """A lead's status or locale changes."""
        lead = self.chance.choice(LEADS)
        if self.chance.random() < 0.8:
            change = (self.when(), self.chance.choice(STATUSES), self.chance.choice(STATUSES))
            org.history(f"{lead}", [change])
        else:
            org.history(lead, [(self.when(), "NL", self.chance.choice(["JP", "DK"]))], field="locale")
        org.rows["landing.salesforce__lead_history"][-1]["id"] = f"017{self.step}x{self.minute}".ljust(18, "0")

    def response(self, org: Crm) -> None:
        """Somebody responds to a campaign, or is taken off it."""
        person = {"lead_id": self.chance.choice(LEADS)}
        if self.chance.random() < 0.3:
            person = {"contact_id": self.chance.choice(CONTACTS)}
        number = self.chance.randrange(6)
        org.response(f"00vR{number}", f"2026-01-{10 + number}", self.chance.choice(["701W", "701M"]), **person)
        org.rows["landing.salesforce__campaign_member"][-1] |= {
            "is_deleted": self.chance.random() < 0.2, "system_modstamp": f"{self.when()}:00+00",
        }  # fmt: skip

    def campaign(self, org: Crm) -> None:
        """A campaign turns out to be of another kind, or to have another name or code."""
        kind = self.chance.choice(["Webinar", "Email", "Demo"])
        name = self.chance.choice(["Newsletter", "NL-SEN-01", "nl-sen-02", "Winter webinar"])
        org.add("campaign", "701M", "2025-12-01 09:00", name=name, type=kind,
                system_modstamp=f"{self.when()}:00+00")  # fmt: skip

    def deal(self, org: Crm) -> None:
        """A deal is made, changes its account or stage, or is deleted."""
        deal = self.chance.choice(DEALS)
        stage = self.chance.choice(STAGES)
        org.add(
            "opportunity", deal, f"2026-01-0{3 + DEALS.index(deal)} 09:00", stage_name=stage,
            locale_value=self.chance.choice(["NL", "JP"]), business_line_value="Sensors",
            amount=str(self.chance.randrange(1, 900)),
            currency_iso_code="EUR", close_date=f"2026-02-0{self.chance.randrange(1, 9)}",
            account_id=self.chance.choice([None, "001R0", "001R1"]), is_deleted=self.chance.random() < 0.15,
            system_modstamp=f"{self.when()}:00+00",
        )  # fmt: skip
        if self.chance.random() < 0.7:
            org.add("opportunity_history", f"008{self.step}x{self.minute}", self.when(), opportunity_id=deal,
                    stage_name=stage)  # fmt: skip

    def role(self, org: Crm) -> None:
        """Somebody gets, or loses, a part in a deal."""
        org.add(
            "opportunity_contact_role", f"00KR{self.chance.randrange(4)}", "2026-01-05 09:00",
            opportunity_id=self.chance.choice(DEALS), contact_id=self.chance.choice(CONTACTS),
            is_primary=self.chance.random() < 0.5, is_deleted=self.chance.random() < 0.2,
            system_modstamp=f"{self.when()}:00+00",
        )  # fmt: skip

    def web_day(self, connection: duckdb.DuckDBPyConnection) -> None:
        """A day's visits are there, or come out differently, or are gone."""
        day = date(2026, 1, 1) + timedelta(days=self.chance.randrange(4))
        connection.execute("delete from landing.ga4__touchpoints where date = ? and _scope = 'nl'", [day])
        connection.execute(
            "delete from landing.windows where stream = 'touchpoints' and scope = 'nl' and window_start = ?",
            [day.isoformat()],
        )
        if self.chance.random() < 0.9:
            minutes = [
                f"{day:%Y%m%d}{self.chance.randrange(8, 20):02d}{self.chance.randrange(60):02d}" for _ in range(5)
            ]
            visits = [visit("nl", minute, self.chance.choice(VISITORS), "Email") for minute in sorted(set(minutes))]
            insert(connection, "landing.ga4__touchpoints", visits)
            insert(connection, "landing.windows", [visit_window("nl", day.isoformat(), f"{self.step}")])


@pytest.mark.parametrize("seed", [1, 2])
def test_incremental_equals_full_refresh_after_any_changes(
    seed: int, project: DbtProject, warehouse: Path, tmp_path: Path
) -> None:
    change(warehouse, "insert into config.crm_stage_dates values ('nl', 'mql', 'MQL_Date__c')")
    company = Company(warehouse, seed)
    for number in range(3):
        company.move_on()
        assert project.run(warehouse, "run", "--exclude", "config.materialized:view").succeeded
        folder = tmp_path / f"{number}"
        folder.mkdir()
        whole = copied(warehouse, folder)
        forget(whole)
        assert project.run(whole, "run", "--full-refresh").succeeded
        assert differences(warehouse, whole) == {}, f"after step {number + 1} of seed {seed}"


def forget(warehouse: Path) -> None:
    """Make everything new, as for a build of all history."""
    with duckdb.connect(str(warehouse)) as connection:
        mark(connection, is_new=True)
    show_held(warehouse, everything=True)


def mark(connection: duckdb.DuckDBPyConnection, *, is_new: bool) -> None:
    """Say of all landed rows of the CRMs whether a build has read them."""
    novelty = "select table_name from information_schema.columns where column_name = '_is_new'"
    for (table,) in connection.execute(f"{novelty} and table_schema = 'landing'").fetchall():
        connection.execute(f"update landing.{table} set _is_new = {is_new}")


def differences(one: Path, other: Path) -> dict[str, int]:
    """How many rows of each kept table and each mart are in one of two warehouses only."""
    kept = {table for table, _ in STATE.values()}
    kept |= {
        f"intermediate.int_{name}"
        for name in (
            "prospect_events_cycled", "visitors_linked", "paths_of_strangers", "paths_unconverted",
            "channel_transitions", "leads_bought", "lead_speeds",
        )
    }  # fmt: skip
    # What a build has made again is not what it ends with.
    kept -= {
        f"intermediate.int_{name}" for name in ("months", "campaigns_named", "kpi_months", "web_days_changed")
    }  # fmt: skip
    tables = [
        (database, f"{schema}.{table}")
        for database, schema, table in rows(
            other, "select database_name, schema_name, table_name from duckdb_tables() where not temporary"
        )
        if database == "marts" or schema == "facts" or f"{schema}.{table}" in kept
    ]
    found = {}
    with duckdb.connect() as connection:
        for path, name in ((one, "one"), (other, "other")):
            connection.execute(f"attach '{path}' as {name} (read_only)")
            connection.execute(f"attach '{marts_file(path)}' as {name}_marts (read_only)")
        for database, table in tables:
            here, there = (f"{name}{'_marts' if database == 'marts' else ''}.{table}" for name in ("one", "other"))
            unequal = connection.execute(
                f"select (select count(*) from (from {here} except all from {there}))"
                f" + (select count(*) from (from {there} except all from {here}))"
            ).fetchone()
            assert unequal is not None
            if unequal[0]:
                found[table] = unequal[0]
    return found
