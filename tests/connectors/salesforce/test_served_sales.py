"""Sales' own work against a served org: activities, whose they are, products' lines, and the history of deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from connectors.errors import ConfigurationError
from connectors.salesforce import extract, parents
from connectors.salesforce.bulk import CsvPage, iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import refresh_connection
from connectors.salesforce.sales_streams import (
    EVENT,
    OPPORTUNITY_FIELD_HISTORY,
    OPPORTUNITY_LINE_ITEM,
    PRODUCT,
    TASK,
)
from connectors.salesforce.soql import select_query
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import ACCOUNT, CONTACT, LEAD, OPPORTUNITY
from sandbox.faults import Action, Edit
from tests.connectors.salesforce.served import LOCALES, PEOPLE, ServedOrg

SCOPES = {"NL": "nl", "DE": "de"}
FIELD_NAMES = {"StageName": "stage_name", "Amount": "amount", "CloseDate": "close_date", "Owner": "owner"}


@pytest.fixture
def refreshed(served: ServedOrg) -> ServedOrg:
    """After a first refresh, a minute later."""
    served.refresh()
    served.network.clock.advance(seconds=60)
    return served


def locale_of_parents(served: ServedOrg) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    for stream in (LEAD, CONTACT, OPPORTUNITY, ACCOUNT):
        found |= {row["Id"]: row["Locale__c"] for row in served.records(stream).to_pylist() if row["Locale__c"]}
    return found


def scopes_of_source(served: ServedOrg, stream: SalesforceStream) -> dict[str, str]:
    """Id → scope of every activity: its person's, else its matter's, else nobody's."""
    locales = locale_of_parents(served)
    rows = served.records(stream).to_pylist()
    values = {row["Id"]: locales.get(row["WhoId"]) or locales.get(row["WhatId"]) for row in rows}
    return {key: SCOPES.get(value or "", "unassigned-global") for key, value in values.items()}


def scopes_landed(served: ServedOrg, stream: SalesforceStream) -> dict[str, str]:
    return {key: row["_scope"] for key, row in served.newest(stream).items()}


def alive(served: ServedOrg, stream: SalesforceStream, count: int) -> tuple[str, ...]:
    rows = [row for row in served.records(stream).to_pylist() if not row["IsDeleted"]]
    return tuple(row["Id"] for row in rows[:count])


def task_of_a_lead(served: ServedOrg, locale: str) -> tuple[str, str]:
    """(task, lead) of a locale."""
    locales = locale_of_parents(served)
    rows = served.records(TASK).to_pylist()
    return next(
        (row["Id"], row["WhoId"])
        for row in rows
        if (row["WhoId"] or "").startswith("00Q") and locales.get(row["WhoId"]) == locale and not row["IsDeleted"]
    )


def standing(served: ServedOrg, stream: SalesforceStream, action: Action) -> None:
    served.fault(action, object=stream.object_name, times=0)


def tomorrow(served: ServedOrg, days: int = 1) -> None:
    served.network.clock.advance(days=days)
    served.refresh()


@pytest.mark.parametrize("many", [pytest.param(20, id="all parents at once"), pytest.param(10**6, id="by Id")])
@pytest.mark.parametrize("stream", [TASK, EVENT], ids=lambda stream: stream.name)
def test_an_activity_lands_where_its_person_or_else_its_matter_is(
    serve: Callable[..., ServedOrg], monkeypatch: pytest.MonkeyPatch, stream: SalesforceStream, many: int
) -> None:
    monkeypatch.setattr(parents, "MANY", many)
    served = serve()
    served.refresh()
    expected = scopes_of_source(served, stream)
    assert scopes_landed(served, stream) == expected
    assert set(expected.values()) == {"nl", "de", "unassigned-global"}


def test_each_kind_of_parent_is_asked_for_once_for_tasks_and_events_together(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-20."""
    monkeypatch.setattr(parents, "MANY", 0)
    asked: list[str] = []

    def pages(client: SalesforceClient, object_name: str, *rest: Any) -> Iterator[CsvPage]:
        asked.append(object_name)
        return iter_csv_pages(client, object_name, *rest)

    monkeypatch.setattr(parents, "iter_csv_pages", pages)
    served.refresh()
    assert len(set(asked)) == len(asked)
    assert {"Contact", "Lead", "Opportunity"} <= set(asked)


def test_an_activity_that_nobody_claims_is_unassigned_and_not_lost(refreshed: ServedOrg) -> None:
    [name, other] = alive(refreshed, TASK, 2)
    standing(refreshed, TASK, Action(edit=Edit(records=(name,), fields={"WhoId": None, "WhatId": None})))
    standing(refreshed, TASK, Action(edit=Edit(records=(other,), fields={"WhoId": "00Q000000000999AAA"})))
    tomorrow(refreshed)
    assert scopes_landed(refreshed, TASK)[name] == "unassigned-global"
    assert set(refreshed.landed_ids(TASK)) == set(scopes_of_source(refreshed, TASK))


def test_an_activity_whose_lead_moves_to_another_locale_is_kept_and_a_change_of_it_lands_there(
    refreshed: ServedOrg,
) -> None:
    """SF-41."""
    task, lead = task_of_a_lead(refreshed, "NL")
    standing(refreshed, LEAD, Action(edit=Edit(records=(lead,), fields={"Locale__c": "DE"})))
    tomorrow(refreshed)
    assert scopes_landed(refreshed, TASK)[task] == "nl"
    standing(refreshed, TASK, Action(system_touch=(task,)))
    tomorrow(refreshed)
    assert scopes_landed(refreshed, TASK)[task] == "de"
    newest = refreshed.newest(LEAD)[lead]
    assert (newest["locale_value"], newest["_scope"]) == ("DE", "de")


def test_an_activity_given_to_another_lead_lands_with_that_one(refreshed: ServedOrg) -> None:
    task, _ = task_of_a_lead(refreshed, "NL")
    _, german = task_of_a_lead(refreshed, "DE")
    standing(refreshed, TASK, Action(edit=Edit(records=(task,), fields={"WhoId": german})))
    tomorrow(refreshed)
    row = refreshed.newest(TASK)[task]
    assert (row["_scope"], row["who_id"]) == ("de", german)


def test_a_locale_added_later_gets_its_activities(served: ServedOrg) -> None:
    client = served.client()
    first = LOCALES[:1]
    refresh_connection(client, served.landing, client.connection, first, clock=lambda: served.now, pseudonymiser=PEOPLE)
    assert set(scopes_landed(served, TASK).values()) == {"nl", "unassigned-global"}
    served.refresh(client)
    expected = {key for key, scope in scopes_of_source(served, TASK).items() if scope == "de"}
    assert set(served.landing.read(TASK.dataset, "de")["id"].to_pylist()) == expected


def test_a_backfill_of_one_locale_takes_its_own_activities_only(refreshed: ServedOrg) -> None:
    before = {scope: refreshed.landing.files("salesforce", "task", scope) for scope in ("de", "unassigned-global")}
    summary = refreshed.refresh(only=["nl"])
    assert set(summary.scopes) == {"nl"}
    assert {scope: refreshed.landing.files("salesforce", "task", scope) for scope in before} == before


@pytest.mark.parametrize("stream", [TASK, EVENT, OPPORTUNITY_LINE_ITEM, PRODUCT], ids=lambda stream: stream.name)
def test_sales_records_are_deleted_restored_and_purged_like_others(
    refreshed: ServedOrg, stream: SalesforceStream
) -> None:
    """SF-33, SF-34, SF-37."""
    binned, restored, purged = alive(refreshed, stream, 3)
    standing(refreshed, stream, Action(edit=Edit(records=(binned, restored), fields={"IsDeleted": True})))
    standing(refreshed, stream, Action(hard_delete=(purged,)))
    tomorrow(refreshed)
    newest = refreshed.newest(stream)
    assert [newest[name]["is_deleted"] for name in (binned, restored, purged)] == [True, True, True]
    standing(refreshed, stream, Action(edit=Edit(records=(restored,), fields={"IsDeleted": False})))
    tomorrow(refreshed)
    newest = refreshed.newest(stream)
    assert [newest[name]["is_deleted"] for name in (binned, restored, purged)] == [True, False, True]


def test_neither_the_text_of_activities_nor_the_names_of_owners_are_landed_or_asked_for(
    served: ServedOrg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PR-04, SF-58."""
    asked: list[str] = []

    def noted(*arguments: Any) -> str:
        asked.append(select_query(*arguments))
        return asked[-1]

    monkeypatch.setattr(extract, "select_query", noted)
    served.refresh()
    assert any("FROM Task" in query for query in asked)
    assert not [query for query in asked if "Subject" in query or "Description" in query]
    written = {row[name] for row in served.records(TASK).to_pylist() for name in ("Subject", "Description")}
    owners = {value for row in owner_rows(served) for value in (row["OldValue"], row["NewValue"])}
    assert any(name.startswith("Sales desk") for name in owners)
    for stream in (TASK, EVENT, OPPORTUNITY_FIELD_HISTORY):
        for row in served.landing.read(stream.dataset).to_pylist():
            values = {value for value in row.values() if isinstance(value, str)}
            assert not values & written
            assert not [value for value in values if "desk" in value or "@" in value]


def owner_rows(served: ServedOrg) -> list[dict[str, Any]]:
    return [row for row in served.records(OPPORTUNITY_FIELD_HISTORY).to_pylist() if row["Field"] == "Owner"]


@pytest.mark.parametrize("above", [pytest.param(10, id="bulk"), pytest.param(10**6, id="rest")])
def test_the_history_of_deals_says_the_same_by_either_api(
    serve: Callable[..., ServedOrg], monkeypatch: pytest.MonkeyPatch, above: int
) -> None:
    """SF-51."""
    monkeypatch.setattr(extract, "BULK_ABOVE_ROWS", above)
    served = serve()
    served.refresh()
    expected: Counter[Any] = Counter()
    for row in served.records(OPPORTUNITY_FIELD_HISTORY).to_pylist():
        if row["Field"] in FIELD_NAMES and (row["Field"], row["DataType"]) != ("Owner", "Text"):
            old, new = (spelt(row["Field"], row[name]) for name in ("OldValue", "NewValue"))
            expected[row["Id"], FIELD_NAMES[row["Field"]], old, new, row["CreatedDate"]] += 1
    names = ("id", "field", "old_value", "new_value", "created_date")
    rows = served.landing.read(OPPORTUNITY_FIELD_HISTORY.dataset).to_pylist()
    assert Counter(tuple(row[name] for name in names) for row in rows) == expected
    assert {row["field"] for row in rows} == set(FIELD_NAMES.values())


def spelt(field: str, value: str | None) -> str | None:
    return f"{Decimal(value):.4f}" if field == "Amount" and value else value


def test_lines_land_with_their_deal_and_add_up_as_they_do_in_the_org(refreshed: ServedOrg) -> None:
    deals = {row["Id"]: row for row in refreshed.records(OPPORTUNITY).to_pylist()}
    totals: dict[str, Decimal] = {}
    for row in refreshed.newest(OPPORTUNITY_LINE_ITEM).values():
        scope = SCOPES.get(deals[row["opportunity_id"]]["Locale__c"] or "", "unassigned-global")
        assert row["_scope"] == scope
        assert row["currency_iso_code"] == deals[row["opportunity_id"]]["CurrencyIsoCode"]
        if not row["is_deleted"]:
            assert row["quantity"] * row["unit_price"] == row["total_price"]
            totals[row["opportunity_id"]] = totals.get(row["opportunity_id"], Decimal(0)) + row["total_price"]
    in_step = [deal for deal, total in totals.items() if total == deals[deal]["Amount"]]
    assert len(in_step) > 0.9 * len(totals) > 10
    products = refreshed.newest(PRODUCT)
    assert {row["product2_id"] for row in refreshed.newest(OPPORTUNITY_LINE_ITEM).values()} <= set(products)
    assert {row["revenue_type"] for row in products.values()} == {"One-off", "Recurring"}
    assert {row["_scope"] for row in products.values()} == {"shared-global"}


def test_an_org_without_field_history_or_products_lands_the_rest(served: ServedOrg) -> None:
    """SF-45."""
    for stream in (OPPORTUNITY_FIELD_HISTORY, OPPORTUNITY_LINE_ITEM, PRODUCT):
        served.fault(Action(status=404), path=f"/{stream.object_name}/describe", times=0)
    served.refresh()
    assert served.landing.is_new(OPPORTUNITY_FIELD_HISTORY.dataset, "nl")
    assert served.landing.is_new(PRODUCT.dataset, "shared-global")
    assert set(served.landed_ids(TASK)) == set(served.records(TASK)["Id"].to_pylist())


def test_a_kind_of_parent_without_the_locale_field_stops_the_activities_alone(served: ServedOrg) -> None:
    """SF-49."""
    served.fault(Action(remove_field="Locale__c"), path="/Account/describe", object="Account", times=0)
    with pytest.raises(ConfigurationError, match="has no field Locale__c"):
        served.refresh()
    assert served.landing.is_new(TASK.dataset, "nl")
    assert set(served.landed_ids(LEAD)) == set(served.records(LEAD)["Id"].to_pylist())
