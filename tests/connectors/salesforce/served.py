"""A small company's org global, served with whatever faults a test switches on, and a landing refreshed from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import ConnectionSummary, refresh_connection
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import STREAMS
from connectors.specs import LocaleSpec, SalesforceConnection
from sandbox.company.locales import ORGS
from sandbox.company.store import Company
from sandbox.faults import Action, Fault, Match
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.network import Network
from sandbox.vendors.salesforce.data import OrgData

TODAY = date(2026, 7, 1)
ORG = "salesforce_global"
LOCALES = (
    LocaleSpec("nl", "Europe/Amsterdam", "EUR", "", "global", ("NL",)),
    LocaleSpec("de", "Europe/Berlin", "EUR", "", "global", ("DE",)),
)
PEOPLE = Pseudonymiser(b"0123456789abcdef")


@dataclass
class ServedOrg:
    """``waits`` are the pauses the client took; they move the calendar of the org instead of taking time."""

    company: Company
    state: Path
    settings: Settings = field(default_factory=Settings)
    waits: list[float] = field(default_factory=list)

    @cached_property
    def network(self) -> Network:
        return Network(Cast(self.state, self.company, TODAY, self.settings))

    @property
    def now(self) -> datetime:
        return self.network.clock.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def connection(self, **changed: Any) -> SalesforceConnection:
        contract = self.network.contract
        plain: dict[str, Any] = {
            "name": "global",
            "domain": "noordlicht.my",
            "api_version": "64.0",
            "consumer_key": contract["env"]["SALESFORCE_GLOBAL_CONSUMER_KEY"],
            "consumer_secret": contract["env"]["SALESFORCE_GLOBAL_CONSUMER_SECRET"],
            "locale_field": "Locale__c",
            "business_line_field": "Business_Line__c",
            "visitor_field": "GA_Client_Id__c",
            "endpoint": contract["endpoints"][ORG],
        }
        return SalesforceConnection(**{**plain, **changed})

    def client(self, **changed: Any) -> SalesforceClient:
        deadline = changed.pop("deadline", 600.0)
        return SalesforceClient(self.connection(**changed), lambda: self.now, sleep=self.sleep, deadline=deadline)

    @cached_property
    def landing(self) -> Landing:
        return Landing(self.state / "landing", lambda: self.now)

    def refresh(self, client: SalesforceClient | None = None, **options: Any) -> ConnectionSummary:
        client = client or self.client()
        return refresh_connection(
            client, self.landing, client.connection, LOCALES, clock=lambda: self.now, pseudonymiser=PEOPLE, **options
        )

    def fault(self, action: Action, **match: Any) -> None:
        self.network.faults.add(Fault(ORG, Match(**match), action))

    def meter(self, name: str) -> int:
        return self.network.meters()[ORG][name]

    def records(self, stream: SalesforceStream) -> pa.Table:
        """The org's records now, those in its recycle bin included, and no fault."""
        return OrgData(self.company, ORGS["global"]).current(stream.object_name, self.now)

    def landed_ids(self, stream: SalesforceStream, *, alive: bool = False) -> list[str]:
        """Ids of the newest landed versions, all or the undeleted ones, in order."""
        newest = self.newest(stream)
        return sorted(name for name, row in newest.items() if not (alive and row["is_deleted"]))

    def newest(self, stream: SalesforceStream) -> dict[str, dict[str, Any]]:
        rows = self.landing.read(stream.dataset).to_pylist()
        rows.sort(key=lambda row: (row["system_modstamp"], row["_load_seq"]))
        return {row["id"]: row for row in rows}

    def everything_landed_once(self) -> bool:
        """Whether every record of every object is landed exactly once (only first loads were made)."""
        for stream in STREAMS:
            landed = sorted(self.landing.read(stream.dataset)["id"].to_pylist())
            expected = sorted(self.records(stream)["Id"].to_pylist())
            if stream.is_field_history:
                expected = [name for name in expected if name in set(landed)]
            if landed != expected:
                return False
        return True
