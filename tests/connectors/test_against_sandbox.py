"""Landed rows are the vendors' rows, through the official clients, over days that restate and records that change."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from benchmarks.chaos_reports import compared_reports
from connectors.catalog import DATASETS
from connectors.ecb.refresh import refresh_rates
from connectors.ga4.client import GA4Client
from connectors.ga4.refresh import refresh_locale
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from connectors.landing import Landing
from connectors.privacy import Pseudonymiser
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import ConnectionSummary, refresh_connection
from connectors.salesforce.sales_streams import EVENT, OPPORTUNITY_FIELD_HISTORY, OPPORTUNITY_LINE_ITEM, TASK
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import LEAD, LEAD_HISTORY, OPPORTUNITY, STREAMS
from connectors.specs import ECBConnection, GA4Connection, LocaleSpec, SalesforceConnection
from connectors.windows import days_between
from sandbox.company.store import Company, load_company

SCALE = 0.02
LOCALES = {
    code: LocaleSpec(code, zone, currency, number, org, (value,))
    for code, zone, currency, number, org, value in (
        ("nl", "Europe/Amsterdam", "EUR", "310000001", "global", "NL"),
        ("jp", "Asia/Tokyo", "JPY", "310000009", "global", "JP"),
        ("us", "America/Los_Angeles", "USD", "310000011", "americas", "US"),
        ("dk", "Europe/Copenhagen", "DKK", "310000013", "global", "DK"),
    )
}
CONFIGURED = ("nl", "jp", "us")
WEB_DAYS = days_between(date(2026, 6, 20), date(2026, 9, 30))
FIELDS = {"global": ("Locale__c", "Business_Line__c", None), "americas": ("Market__c", "Product_Line__c", "USD")}
DOMAINS = {"global": "noordlicht.my", "americas": "noordlicht-americas.my"}


@dataclass
class World:
    """A served sandbox, and a landing that is refreshed from it on its days."""

    state: Path
    vendors: dict[str, Any]
    landing: Landing

    @property
    def now(self) -> datetime:
        return self.control("GET")

    def control(self, method: str, **body: int) -> datetime:
        content = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self.vendors["control"] + "/clock", content, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return datetime.fromisoformat(json.load(answer)["now"])

    @property
    def people(self) -> Pseudonymiser:
        return Pseudonymiser(self.vendors["env"]["TRECHTER_IDENTITY_KEY"].encode())

    def refresh_web(self, *codes: str) -> None:
        endpoint = self.vendors["endpoints"]["google_analytics"]
        connection = GA4Connection(self.vendors["env"]["GOOGLE_ANALYTICS_CREDENTIALS"], endpoint)
        now = self.now
        with GA4Client(connection, lambda: now) as client:
            for code in codes:
                refresh_locale(
                    client, self.landing, LOCALES[code], WEB_DAYS, clock=lambda: now, pseudonymiser=self.people
                )

    def refresh_crm(self, org: str, *codes: str) -> ConnectionSummary:
        prefix = f"SALESFORCE_{org.upper()}_CONSUMER_"
        locale_field, business_line_field, currency = FIELDS[org]
        connection = SalesforceConnection(
            name=org,
            domain=DOMAINS[org],
            api_version="64.0",
            consumer_key=self.vendors["env"][prefix + "KEY"],
            consumer_secret=self.vendors["env"][prefix + "SECRET"],
            locale_field=locale_field,
            business_line_field=business_line_field,
            visitor_field="GA_Client_Id__c",
            currency=currency,
            endpoint=self.vendors["endpoints"][f"salesforce_{org}"],
        )
        now = self.now
        client = SalesforceClient(connection, lambda: now)
        locales = [LOCALES[code] for code in codes]
        return refresh_connection(
            client, self.landing, connection, locales, clock=lambda: now, pseudonymiser=self.people
        )

    @property
    def company(self) -> Company:
        return load_company(self.state, scale=SCALE)

    def refresh(self) -> None:
        self.refresh_web(*CONFIGURED)
        self.refresh_crm("global", "nl", "jp")
        self.refresh_crm("americas", "us")

    def stamps(self, stream: SalesforceStream) -> dict[str, datetime]:
        """Id → cursor of every record that either org has."""
        found: dict[str, datetime] = {}
        for org in ("global", "americas"):
            if stream.object_name not in self.company.crm_objects(org):  # one currency, and no history of deals' fields
                continue
            table = self.visible(org, stream)
            found |= dict(zip(table["Id"].to_pylist(), table[stream.cursor].to_pylist(), strict=True))
        return found

    def visible(self, org: str, stream: SalesforceStream) -> pa.Table:
        """The org's records as of now, within the horizon."""
        versions = self.company.crm_versions(org, stream.object_name)
        seen = versions.filter(pc.less_equal(versions["commit_at"], pa.scalar(self.now, versions["commit_at"].type)))
        ids = seen["Id"].to_pylist()
        current = seen.filter(pa.array([one != following for one, following in zip_longest(ids, ids[1:])]))
        return current.filter(pc.invert(current["is_purged"]))


@contextmanager
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A sandbox of its own, on its first day, refreshed once."""
    state = tmp_path_factory.mktemp("sandbox")
    command = [sys.executable, "-m", "sandbox", "serve", "--state", str(state), "--scale", str(SCALE)]
    process = subprocess.Popen(
        [*command, "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        vendors = json.loads(process.stdout.readline())
        made = World(state, vendors, Landing(tmp_path_factory.mktemp("landing"), lambda: made.now))
        made.refresh()
        yield made
    finally:
        process.stdin.close()
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The landing after the first refresh."""
    with served(tmp_path_factory) as world:
        yield world


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The landing after a first refresh and one on each of the four days that follow."""
    with served(tmp_path_factory) as world:
        for _ in range(4):
            world.control("POST", advance_days=1)
            world.refresh()
        yield world


def sessions_of_source(world: World, code: str, last: date) -> Counter[tuple[Any, ...]]:
    rows = world.company.ga4_sessions(LOCALES[code].ga4_property)
    names = [column.api_name for column in SESSIONS.columns]
    plain = rows.select(names).to_pylist()
    return Counter(tuple(row[n] for n in names) for row in plain if WEB_DAYS[0] <= row["date"] <= last)


def sessions_landed(world: World, code: str, last: date) -> Counter[tuple[Any, ...]]:
    names = [column.name for column in SESSIONS.columns]
    rows = world.landing.read(SESSIONS.dataset, code).to_pylist()
    return Counter(tuple(row[n] for n in names) for row in rows if row["date"] <= last)


def visits_of_source(world: World, code: str, last: date) -> Counter[tuple[str, str | None]]:
    rows = world.company.ga4_visits(LOCALES[code].ga4_property).select(["date", "dateHourMinute", "client_id"])
    wanted = [row for row in rows.to_pylist() if WEB_DAYS[0] <= row["date"] <= last]
    return Counter((row["dateHourMinute"], world.people.visitor_key(row["client_id"])) for row in wanted)


def visits_landed(world: World, code: str, last: date) -> Counter[tuple[str, str | None]]:
    found: Counter[tuple[str, str | None]] = Counter()
    for row in world.landing.read(TOUCHPOINTS.dataset, code).to_pylist():
        if row["date"] <= last:
            found[row["date_hour_minute"], row["visitor_key"]] += row["sessions"]
    return found


def newest(world: World, stream: SalesforceStream) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for row in world.landing.read(stream.dataset).to_pylist():
        found[row["id"]] = max(row["system_modstamp"], found.get(row["id"], row["system_modstamp"]))
    return found


def test_the_first_refresh_lands_final_days_as_the_source_has_them(today: World) -> None:
    last = date(2026, 6, 27)
    for code in CONFIGURED:
        assert sessions_landed(today, code, last) == sessions_of_source(today, code, last)
        assert visits_landed(today, code, last) == visits_of_source(today, code, last)
    windows = today.landing.windows("ga4", "sessions", "us")
    assert max((w.day or date.min, w.state) for w in windows) == (date(2026, 6, 29), "provisional")


def test_the_first_refresh_lands_every_record_of_both_orgs(today: World) -> None:
    for stream in STREAMS:
        expected = today.stamps(stream)
        if stream.is_field_history:
            taken = set(today.landing.read(stream.dataset)["id"].to_pylist())
            expected = {key: at for key, at in expected.items() if key in taken}
        assert newest(today, stream) == expected, stream.name
    assert len(today.landing.read(LEAD_HISTORY.dataset)) > len(today.landing.read(LEAD.dataset))


def test_an_object_that_an_org_does_not_have_is_left_out_and_the_rest_lands(today: World) -> None:
    """SF-45."""
    connections = today.landing.read(OPPORTUNITY_FIELD_HISTORY.dataset)["_connection"].unique().to_pylist()
    assert connections == ["global"]
    assert set(today.landing.read(TASK.dataset)["_connection"].unique().to_pylist()) == {"global", "americas"}


def test_amounts_and_currencies_are_the_orgs_own(today: World) -> None:
    landed = {row["id"]: row for row in today.landing.read(OPPORTUNITY.dataset).to_pylist()}
    for org in ("global", "americas"):
        for row in today.visible(org, OPPORTUNITY).to_pylist():
            assert landed[row["Id"]]["amount"] == row["Amount"]
            assert landed[row["Id"]]["currency_iso_code"] == row.get("CurrencyIsoCode", "USD")


def test_refreshing_again_changes_nothing(today: World) -> None:
    version = today.landing.version()
    today.refresh()
    assert today.landing.version() == version


def test_nothing_landed_names_a_person_or_a_visitor(today: World) -> None:
    visitors = set(today.company.ga4_visits(LOCALES["nl"].ga4_property)["client_id"].to_pylist())
    for dataset in DATASETS:
        landed = today.landing.read(dataset)
        for name in landed.column_names:
            if pa.types.is_string(landed[name].type):
                values = set(landed[name].unique().to_pylist())
                assert not values & visitors, (dataset.name, name)
                assert not [value for value in values if value and "@" in value], (dataset.name, name)


def test_after_more_days_restated_days_are_as_the_source_has_them(later: World) -> None:
    last = date(2026, 7, 1)
    for code in CONFIGURED:
        assert sessions_landed(later, code, last) == sessions_of_source(later, code, last)
        assert visits_landed(later, code, last) == visits_of_source(later, code, last)


def test_after_more_days_every_other_report_is_as_the_source_has_it(later: World) -> None:
    """GA-12, GA-20: users at each grain, key events, pages and advertisements."""
    for code in CONFIGURED:
        reports = compared_reports(later.landing, later.company, LOCALES[code], (WEB_DAYS[0], date(2026, 7, 1)))
        for name, expected, landed in reports:
            assert expected, name
            assert landed == expected, (code, name)


def test_after_more_days_changed_records_are_as_the_source_has_them(later: World) -> None:
    for stream in (LEAD, OPPORTUNITY, OPPORTUNITY_LINE_ITEM, TASK, EVENT):
        landed, expected = newest(later, stream), later.stamps(stream)
        assert {key: landed.get(key) for key in expected} == expected, stream.name


def test_a_locale_added_later_gets_all_its_records(later: World) -> None:
    summary = later.refresh_crm("global", "nl", "jp", "dk")
    assert summary.scopes["nl"].rows == 0
    leads = later.visible("global", LEAD)
    mine = leads.filter(pc.equal(leads["Locale__c"].cast(pa.string()), "DK"))
    assert len(mine) > 0
    assert set(later.landing.read(LEAD.dataset, "dk")["id"].to_pylist()) == set(mine["Id"].to_pylist())


def test_rates_land_up_to_the_last_published_day(later: World) -> None:
    now = later.now
    connection = ECBConnection(later.vendors["endpoints"]["ecb"])
    summary = refresh_rates(connection, later.landing, clock=lambda: now, first_year=2025)
    assert summary.last_rate_date is not None
    assert now.date() - timedelta(days=5) <= summary.last_rate_date < now.date()
