"""The process that chaos kills: one refresh, and now and then a backfill, of three markets and two orgs.

Pages are tiny here, so that a small company meets every kind of paging. What happened goes to ``outcome.json``.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import connectors.ga4.extract
import connectors.landing.files
import connectors.salesforce.bulk
import connectors.salesforce.extract
import connectors.salesforce.parents
import connectors.salesforce.refresh
from connectors.errors import ConnectorError, QuotaExhausted
from connectors.ga4.client import GA4Client
from connectors.ga4.error_log import FOLDER as QUOTA_FOLDER
from connectors.ga4.refresh import refresh_locale
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import refresh_connection
from connectors.specs import GA4Connection, LocaleSpec, SalesforceConnection
from connectors.windows import CrmWindow, days_between

LOCALES = {
    code: LocaleSpec(code, zone, currency, number, org, (value,))
    for code, zone, currency, number, org, value in (
        ("nl", "Europe/Amsterdam", "EUR", "310000001", "global", "NL"),
        ("jp", "Asia/Tokyo", "JPY", "310000009", "global", "JP"),
        ("us", "America/Los_Angeles", "USD", "310000011", "americas", "US"),
    )
}
FIRST_DAY, LAST_DAY = date(2026, 6, 12), date(2026, 9, 30)
FIELDS = {"global": ("Locale__c", "Business_Line__c", None), "americas": ("Market__c", "Product_Line__c", "USD")}
DOMAINS = {"global": "noordlicht.my", "americas": "noordlicht-americas.my"}
GA4_PAGE_ROWS, BULK_PAGE_ROWS, BULK_ABOVE_ROWS = 150, 200, 150
CHANGES_TOGETHER, SEGMENT_PIECE_ROWS = 250, 500
TIMEOUT_SECONDS = 3.0
REAL_REST_SECONDS = 0.005
LONG_SECONDS = 30.0


@dataclass(frozen=True)
class Job:
    """What one process does. ``backfill`` names a locale whose days and records of ``days`` are fetched again."""

    folder: Path
    contract: dict[str, Any]
    backfill: str | None = None
    days: tuple[date, date] = (FIRST_DAY, FIRST_DAY)

    @property
    def landing(self) -> Path:
        """Where it lands."""
        return self.folder / "landing"

    @property
    def outcome(self) -> Path:
        """What it says about itself at its end, if it reaches it."""
        return self.folder / "outcome.json"

    @property
    def log(self) -> Path:
        """All it prints."""
        return self.folder / "ingest.log"


class RemoteClock:
    """The sandbox's clock: a quota's wait moves it, so that an hour takes no time; short rests stay short."""

    def __init__(self, control: str) -> None:
        self._url = f"{control}/clock"

    def __call__(self) -> datetime:
        """Now, there."""
        return self._ask(None)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        if seconds >= LONG_SECONDS:
            self._ask({"advance_seconds": int(seconds) + 1})
        else:
            time.sleep(REAL_REST_SECONDS)

    def _ask(self, move: dict[str, int] | None) -> datetime:
        body = json.dumps(move).encode() if move else None
        request = urllib.request.Request(self._url, body, method="POST" if move else "GET")  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - ours
            return datetime.fromisoformat(json.load(answer)["now"])


def ingest(job: Job) -> None:
    """Entry point of the process. Every failure is noted; none keeps the other sources from their turn."""
    log = os.open(job.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ["TMPDIR"] = str(job.folder / "tmp")
    failures = []
    with (
        patch.object(connectors.ga4.extract, "PAGE_ROWS", GA4_PAGE_ROWS),
        patch.object(connectors.salesforce.bulk, "PAGE_ROWS", BULK_PAGE_ROWS),
        patch.object(connectors.salesforce.extract, "BULK_ABOVE_ROWS", BULK_ABOVE_ROWS),
        patch.object(connectors.salesforce.parents, "MANY", BULK_ABOVE_ROWS),
        patch.object(connectors.salesforce.refresh, "PIECE_ROWS", CHANGES_TOGETHER),
        patch.object(connectors.landing.files, "PIECE_ROWS", SEGMENT_PIECE_ROWS),
    ):
        for source in (_web, _crm):
            for work in source(job):
                try:
                    work()
                except ConnectorError as error:
                    resume = error.resume_at.isoformat() if isinstance(error, QuotaExhausted) else None
                    failures.append({**error.facts(), "text": str(error), "resume_at": resume})
                except Exception:  # noqa: BLE001 - whatever is not one of ours is what chaos looks for
                    failures.append({"error": "unexpected", "text": traceback.format_exc()})
    staging = job.outcome.with_suffix(".new")
    staging.write_text(json.dumps(failures))
    staging.replace(job.outcome)
    sys.stdout.flush()
    os._exit(1 if failures else 0)


def _web(job: Job) -> list[Callable[[], object]]:
    clock = RemoteClock(job.contract["control"])
    connection = GA4Connection(
        job.contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"], job.contract["endpoints"]["google_analytics"]
    )
    state, pause = job.landing / QUOTA_FOLDER, REAL_REST_SECONDS
    client = GA4Client(connection, clock, timeout=TIMEOUT_SECONDS, pause=pause, sleep=clock.sleep, state=state)
    landing, people = _landing(job, clock), _people(job)

    def work(code: str) -> Callable[[], object]:
        is_backfill = code == job.backfill
        days = days_between(*job.days) if is_backfill else days_between(FIRST_DAY, LAST_DAY)
        return lambda: refresh_locale(
            client, landing, LOCALES[code], days, clock=clock, pseudonymiser=people, only_due=not is_backfill
        )

    return [work(code) for code in LOCALES]


def _crm(job: Job) -> list[Callable[[], object]]:
    clock = RemoteClock(job.contract["control"])
    landing, people = _landing(job, clock), _people(job)

    def work(org: str) -> Callable[[], object]:
        env, prefix = job.contract["env"], f"SALESFORCE_{org.upper()}_CONSUMER_"
        locale_field, business_line_field, currency = FIELDS[org]
        connection = SalesforceConnection(
            name=org,
            domain=DOMAINS[org],
            api_version="64.0",
            consumer_key=env[prefix + "KEY"],
            consumer_secret=env[prefix + "SECRET"],
            locale_field=locale_field,
            business_line_field=business_line_field,
            visitor_field="GA_Client_Id__c",
            currency=currency,
            endpoint=job.contract["endpoints"][f"salesforce_{org}"],
        )
        mine = [locale for locale in LOCALES.values() if locale.crm_connection == org]
        is_backfill = job.backfill in {locale.code for locale in mine}
        first, last = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in job.days)
        client = SalesforceClient(connection, clock, pause=REAL_REST_SECONDS, sleep=clock.sleep)
        return lambda: refresh_connection(
            client,
            landing,
            connection,
            mine,
            clock=clock,
            pseudonymiser=people,
            window=CrmWindow(first, last) if is_backfill else None,
            only=[str(job.backfill)] if is_backfill else None,
        )

    return [work(org) for org in DOMAINS]


def _landing(job: Job, clock: Callable[[], datetime]) -> Landing:
    return Landing(job.landing, clock)


def _people(job: Job) -> Pseudonymiser:
    return Pseudonymiser(job.contract["env"]["TRECHTER_IDENTITY_KEY"].encode())
