"""Tasks and events as an org serves them: lookups to several objects, of which a query sees a name only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from sandbox.company.locales import ORGS
from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.describe import describe, sobjects
from sandbox.vendors.salesforce.encode import csv_rows, json_records
from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.salesforce.query import Result, run
from sandbox.vendors.salesforce.soql_parser import parse

from .small_company import small_company

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
BASE = "/services/data/v64.0"


@pytest.fixture(scope="module")
def org() -> OrgData:
    return OrgData(small_company(), ORGS["global"])


def asked(org: OrgData, soql: str) -> Result:
    return run(parse(soql), org, NOW, with_deleted=True)


def records(org: OrgData, soql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(json_records(asked(org, soql), BASE))
    return found


def test_describe_names_the_objects_a_lookup_may_point_to(org: OrgData) -> None:
    fields = {field["name"]: field for field in describe(org, org.spec("Task"), BASE)["fields"]}
    assert (fields["WhoId"]["type"], fields["WhoId"]["relationshipName"]) == ("reference", "Who")
    assert fields["WhoId"]["referenceTo"] == ["Contact", "Lead"]
    assert fields["WhoId"]["polymorphicForeignKey"]
    assert fields["AccountId"]["referenceTo"] == ["Account"]
    assert not fields["AccountId"]["polymorphicForeignKey"]
    assert fields["Description"]["type"] == "textarea"


def test_a_query_sees_of_such_a_parent_what_it_is_and_its_id(org: OrgData) -> None:
    rows = records(org, "SELECT Id, WhoId, Who.Type, Who.Id, What.Type FROM Task WHERE WhoId != null")
    prefixes = {"Lead": "00Q", "Contact": "003"}
    assert {row["Who"]["Type"] for row in rows} == set(prefixes)
    assert all(row["WhoId"].startswith(prefixes[row["Who"]["Type"]]) for row in rows)
    assert all(row["Who"]["Id"] == row["WhoId"] for row in rows)
    assert rows[0]["Who"]["attributes"]["type"] == "Name"
    assert {row["What"] and row["What"]["Type"] for row in rows} >= {None, "Opportunity"}


@pytest.mark.parametrize("path", ["Who.Locale__c", "Who.Email", "What.Amount", "Who.Owner.Name"])
def test_a_query_does_not_see_the_parents_own_fields(org: OrgData, path: str) -> None:
    with pytest.raises(SalesforceError, match="on entity 'Name'"):
        asked(org, f"SELECT {path} FROM Task")


def test_an_account_is_seen_through_a_task_like_any_parent(org: OrgData) -> None:
    rows = records(org, "SELECT Id, Account.Locale__c FROM Event WHERE AccountId != null")
    assert {len(row["Account"]["Locale__c"]) for row in rows} <= {2, 5}


def test_activities_older_than_a_year_are_seen_by_query_all_only_unless_they_are_still_to_be_done(org: OrgData) -> None:
    query = parse("SELECT Id, ActivityDate, IsClosed FROM Task WHERE IsDeleted = false")
    everything, recent = (run(query, org, NOW, with_deleted=both).rows.to_pylist() for both in (True, False))
    shown = {row["Id"] for row in recent}
    hidden = [row for row in everything if row["Id"] not in shown]
    assert hidden
    assert all(row["IsClosed"] and row["ActivityDate"] < date(2025, 7, 1) for row in hidden)
    assert any(not row["IsClosed"] and row["ActivityDate"] < date(2025, 7, 1) for row in recent)


def test_a_histories_amounts_are_numbers_in_json_and_text_in_csv(org: OrgData) -> None:
    soql = "SELECT Field, OldValue, NewValue FROM OpportunityFieldHistory WHERE Field IN ('Amount', 'CloseDate')"
    rows = records(org, soql)
    assert {type(row["NewValue"]) for row in rows if row["Field"] == "Amount"} <= {float, type(None)}
    assert {type(row["NewValue"]) for row in rows if row["Field"] == "CloseDate"} == {str}
    assert csv_rows(asked(org, soql)).startswith(b'"')


def test_histories_of_two_objects_share_a_prefix_and_no_id(org: OrgData) -> None:
    leads, deals = (org.current(name, NOW)["Id"].to_pylist() for name in ("LeadHistory", "OpportunityFieldHistory"))
    assert {one[:3] for one in (*leads, *deals)} == {"017"}
    assert not set(leads) & set(deals)


def test_an_org_lists_the_objects_it_has(org: OrgData) -> None:
    americas = OrgData(small_company(), ORGS["americas"])
    names = [{item["name"] for item in sobjects(one, BASE)["sobjects"]} for one in (org, americas)]
    assert names[0] - names[1] == {"OpportunityFieldHistory", "CurrencyType", "DatedConversionRate"}
