"""All vendors together, built from one company and one calendar."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sandbox.company.locales import ORGS
from sandbox.faults import FaultPlan
from sandbox.vendors.assertions import SigningKey
from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.company import Company
from sandbox.vendors.control import Action, Control
from sandbox.vendors.ecb import ReferenceRates
from sandbox.vendors.ga4.quota import QuotaLimits
from sandbox.vendors.ga4.service import Ga4
from sandbox.vendors.google_identity import ServiceAccount
from sandbox.vendors.meters import Meter
from sandbox.vendors.salesforce.api import OrgApi
from sandbox.vendors.salesforce.bulk_api import BulkApi
from sandbox.vendors.salesforce.limits import OrgLimits
from sandbox.vendors.salesforce.oauth import ConnectedApp
from sandbox.vendors.web import Route

# Fixed, so that two demos give the same pseudonyms. Real installations make their own.
DEMO_IDENTITY_KEY = "noordlicht-demo-identity-key-0000000000000001"


@dataclass(frozen=True)
class Settings:
    """How the vendors behave: their limits, and the seed of what goes wrong by chance."""

    ga4_limits: QuotaLimits = field(default_factory=QuotaLimits)
    org_limits: OrgLimits = field(default_factory=OrgLimits)
    fault_seed: int = 7


class Cast:
    """Every vendor of the company, not yet on the network."""

    def __init__(self, state: Path, company: Company, today: date | None, settings: Settings) -> None:
        self.clock = VirtualClock(state / "clock.json", today)
        self.faults = FaultPlan(lambda: self.clock.now, settings.fault_seed)
        names = ("google_analytics", "google_oauth", *(f"salesforce_{name}" for name in ORGS), "ecb")
        self.meters = {name: Meter() for name in names}
        self.account = ServiceAccount()
        analytics = self.meters["google_analytics"]
        self.ga4 = Ga4(company, self.clock, self.account, analytics, settings.ga4_limits, self.faults)
        self.rates = ReferenceRates(self.clock, self.meters["ecb"])
        key = SigningKey()  # one certificate, uploaded in both orgs
        self.orgs = {
            name: OrgApi(
                company,
                ConnectedApp(org, f"3MVG9sandbox.{name}", secrets.token_hex(32), key),
                self.clock,
                self.meters[f"salesforce_{name}"],
                settings.org_limits,
                self.faults,
            )
            for name, org in ORGS.items()
        }
        self.control = Control(self.clock, self.faults, self.metered, self._actions())

    def org_routes(self, name: str) -> list[Route]:
        """All routes of one org."""
        return [*self.orgs[name].routes(), *BulkApi(self.orgs[name]).routes()]

    def metered(self) -> dict[str, dict[str, int]]:
        """All counts now: a vendor's, and those of each property that was asked (``google_analytics/<property>``)."""
        properties = {f"google_analytics/{number}": meter for number, meter in self.ga4.meters().items()}
        return {name: meter.snapshot() for name, meter in {**self.meters, **properties}.items()}

    def close(self) -> None:
        """Stop what runs in the background."""
        for org in self.orgs.values():
            org.jobs.close()

    def _actions(self) -> dict[str, Action]:
        """Others use up the quota; a property's answers come with a warning of Google's."""

        def drain_property(wish: Mapping[str, Any]) -> None:
            self.ga4.quota(str(wish["property"])).charge(self.clock.now, int(wish["tokens"]))

        def warn(wish: Mapping[str, Any]) -> None:
            self.ga4.warn(str(wish["property"]), frozenset(wish["flags"]))

        actions: dict[str, Action] = {"drain/google_analytics": drain_property, "warn/google_analytics": warn}
        for name, org in self.orgs.items():
            actions[f"drain/salesforce_{name}"] = _calls_of(org, self.clock)
        return actions


def _calls_of(org: OrgApi, clock: VirtualClock) -> Action:
    return lambda wish: org.usage.call(clock.now, int(wish["requests"]))
