"""What sales leaves in the CRM: lines that add up, activities that follow their people, changes that lead to today."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandbox.company import simulation
from sandbox.company.crm import crm_tables
from sandbox.company.instants import visible_from
from sandbox.company.locales import ORGS
from sandbox.company.records import Activity, Lead
from sandbox.company.simulation import simulate
from sandbox.company.truth import at_six
from tests.sandbox.crm_reader import visible
from tests.sandbox.small_company import small_company

NOW = at_six("2026-07-01")
PEOPLE, MATTERS = ("Lead", "Contact"), ("Account", "Opportunity")


def rows(org: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = visible(small_company(), org, name, NOW).to_pylist()
    return found


def test_what_sales_does_changes_nothing_that_was_there_but_who_owns_some_deals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_sales = crm_tables(simulate(3, 0.005))
    monkeypatch.setattr(simulation, "_work", lambda world, built, seed: None)
    without = crm_tables(simulate(3, 0.005))
    for key, table in without.items():
        if key[1] == "Opportunity":
            assert with_sales[key].drop_columns(["OwnerId"]) == table.drop_columns(["OwnerId"])
        elif len(table) and key[1] != "OpportunityFieldHistory":
            assert with_sales[key] == table, key


@pytest.mark.parametrize("org", list(ORGS))
def test_the_lines_of_most_deals_add_up_to_their_amount_exactly(org: str) -> None:
    totals: dict[str, Decimal] = {}
    for line in rows(org, "OpportunityLineItem"):
        assert line["Quantity"] * line["UnitPrice"] == line["TotalPrice"]
        totals.setdefault(line["OpportunityId"], Decimal(0))
        if not line["IsDeleted"]:
            totals[line["OpportunityId"]] += line["TotalPrice"]
    deals = {deal["Id"]: deal for deal in rows(org, "Opportunity") if not deal["IsDeleted"]}
    compared = [deals[deal]["Amount"] == total for deal, total in totals.items() if deal in deals]
    assert 0.9 < sum(compared) / len(compared) < 1
    assert len(compared) > 0.7 * len([deal for deal in deals.values() if deal["Amount"] is not None])


def test_yen_are_never_split() -> None:
    lines = rows("global", "OpportunityLineItem")
    yen = [line["TotalPrice"] for line in lines if line["CurrencyIsoCode"] == "JPY"]
    assert yen
    assert all(total == int(total) for total in yen)


@pytest.mark.parametrize("org", list(ORGS))
def test_lines_are_of_known_products_and_go_to_the_bin_with_their_deal(org: str) -> None:
    products = {product["Id"]: product for product in rows(org, "Product2")}
    deals = {deal["Id"]: deal for deal in rows(org, "Opportunity")}
    for line in rows(org, "OpportunityLineItem"):
        assert line["Product2Id"] in products
        assert line["IsDeleted"] or not deals[line["OpportunityId"]]["IsDeleted"]
    kinds = {(product["Family"], product["Revenue_Type__c"]) for product in products.values()}
    assert {("Software", "Recurring"), ("Hardware", "One-off"), ("Services", "Recurring")} <= kinds


@pytest.mark.parametrize("name", ["Task", "Event"])
@pytest.mark.parametrize("org", list(ORGS))
def test_activities_are_about_people_and_matters_that_exist_or_about_nothing(org: str, name: str) -> None:
    people = {row["Id"] for other in PEOPLE for row in rows(org, other)}
    matters = {row["Id"] for other in MATTERS for row in rows(org, other)}
    kinds: Counter[tuple[bool, bool]] = Counter()
    for row in rows(org, name):
        assert row["WhoId"] is None or row["WhoId"] in people
        assert row["WhatId"] is None or row["WhatId"] in matters
        kinds[row["WhoId"] is not None, row["WhatId"] is not None] += 1
    assert {(True, False), (True, True), (False, True)} <= set(kinds)
    for text in [row["Description"] for row in rows(org, name) if row["Description"]]:
        assert ".example" in text


def test_a_conversion_hands_the_leads_activities_to_the_contact_and_the_deal() -> None:
    world = small_company().world
    leads = {lead.id: lead for lead in world.leads}
    handed = 0
    for activity in first_of_leads(world.activities):
        lead = leads[activity.updates[0][1]["who"]]
        converted = [(at, one) for at, one in lead.updates if one.get("contact_id")]
        if converted and not lead.latest()["merged_into"] and activity.created_at < converted[0][0]:
            at, conversion = converted[0]
            fields = activity.as_of(visible_from(at))
            if fields is None or fields["who"] not in {lead.id, conversion["contact_id"]}:
                continue  # purged, or noted with somebody else by then
            assert (fields["who"], fields["what"]) == (conversion["contact_id"], conversion["deal_id"])
            handed += 1
    assert handed > 50


def first_of_leads(activities: list[Activity]) -> Iterator[Activity]:
    return (one for one in activities if (one.updates[0][1]["who"] or "").startswith("00Q"))


def test_the_first_activity_comes_minutes_to_weeks_after_qualification_and_now_and_then_never() -> None:
    world = small_company().world
    firsts: dict[str, int] = {}
    for activity in first_of_leads(world.activities):
        who = activity.updates[0][1]["who"]
        firsts[who] = min(activity.created_at, firsts.get(who, activity.created_at))
    waits = [firsts[lead.id] - at for lead in world.leads for at in qualified(lead) if lead.id in firsts]
    never = [lead for lead in world.leads if qualified(lead) and lead.id not in firsts]
    positive = [timedelta(seconds=wait) for wait in waits if wait > 0]
    assert min(positive) < timedelta(hours=1)
    assert max(positive) > timedelta(days=14)
    assert 0.05 < len(never) / (len(never) + len(waits)) < 0.5


def qualified(lead: Lead) -> list[int]:
    return [at for at, update in lead.updates if update.get("status") == "mql"][:1]


def test_the_history_of_a_deals_fields_leads_from_its_first_state_to_its_last() -> None:
    now = {deal["Id"]: deal for deal in rows("global", "Opportunity")}
    last: dict[tuple[str, str], str | None] = {}
    for row in sorted(rows("global", "OpportunityFieldHistory"), key=lambda one: (one["CreatedDate"], one["Id"])):
        if row["DataType"] != "Text":
            if (row["OpportunityId"], row["Field"]) in last:
                assert last[row["OpportunityId"], row["Field"]] == row["OldValue"]
            last[row["OpportunityId"], row["Field"]] = row["NewValue"]
    spelt = {"StageName": str, "Owner": str, "CloseDate": str, "Amount": str}
    for (deal, field), value in last.items():
        current = now[deal]["OwnerId" if field == "Owner" else field]
        assert value == (None if current is None else spelt[field](current))
    assert {field for _, field in last} == set(spelt)


def test_a_change_of_owner_is_told_twice_by_id_and_by_name() -> None:
    kinds = Counter(row["DataType"] for row in rows("global", "OpportunityFieldHistory") if row["Field"] == "Owner")
    assert kinds["Text"] == kinds["EntityId"] > 10


def test_where_nobody_switched_field_history_on_there_is_none() -> None:
    assert "OpportunityFieldHistory" in small_company().crm_objects("global")
    assert "OpportunityFieldHistory" not in small_company().crm_objects("americas")
    assert {"Task", "Event", "Product2", "OpportunityLineItem"} <= set(small_company().crm_objects("americas"))
