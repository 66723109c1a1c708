"""A Salesforce org, asked by the official client alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import requests
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
)

from sandbox.vendors.cast import Settings
from sandbox.vendors.salesforce.limits import OrgLimits

from .conftest import Contract, StartVendors, salesforce_client
from .queries import DATA, bulk_rows, ids, selected
from .vendor_miniature import DEAL, OWNER, PLAIN_LEADS, A, B, C, D


def test_a_record_has_the_shape_salesforce_gives_it(salesforce: Any) -> None:
    fields = "Id, Email, IsDeleted, ConvertedDate, CreatedDate, Owner.Name, MasterRecord.Id"
    answer = salesforce.query(f"SELECT {fields} FROM Lead WHERE Id = '{A}'")
    assert (answer["totalSize"], answer["done"], "nextRecordsUrl" in answer) == (1, True, False)
    assert answer["records"][0] == {
        "attributes": {"type": "Lead", "url": f"{DATA}/sobjects/Lead/{A}"},
        "Id": A,
        "Email": " Ada@Firm.example",
        "IsDeleted": False,
        "ConvertedDate": "2026-06-15",
        "CreatedDate": "2026-05-01T08:30:15.000+0000",
        "Owner": {"attributes": {"type": "User", "url": f"{DATA}/sobjects/User/{OWNER}"}, "Name": "Sales desk 1"},
        "MasterRecord": None,
    }


def test_a_record_is_what_was_committed_by_now_and_not_what_comes_later(salesforce: Any) -> None:
    assert salesforce.query(f"SELECT Status FROM Lead WHERE Id = '{A}'")["records"][0]["Status"] == "In behandeling"


def test_the_recycle_bin_is_seen_by_query_all_only_and_the_purged_by_nobody(salesforce: Any) -> None:
    where = f"SELECT Id, MasterRecordId FROM Lead WHERE Id IN ('{A}', '{B}', '{C}') ORDER BY Id"
    assert ids(salesforce.query(where)) == [A]
    everything = salesforce.query(where, include_deleted=True)
    assert [(row["Id"], row["MasterRecordId"]) for row in everything["records"]] == [(A, None), (B, A)]


def test_text_survives_json_and_csv_whatever_it_holds(salesforce: Any) -> None:
    awkward = 'Köln "the\nquoted", 東京 \\'
    soql = f"SELECT Id, LastName, Email FROM Lead WHERE Id = '{D}'"
    [record] = salesforce.query(soql)["records"]
    assert (record["LastName"], record["Email"]) == (awkward, None)
    assert bulk_rows(salesforce, soql) == [{"Id": D, "LastName": awkward, "Email": ""}]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Locale__c = 'nl'", [A, B]),
        ("Locale__c != 'NL' AND Locale__c != 'DE'", [D]),
        ("(LastName LIKE 'jans%' OR LastName LIKE '%quoted%') AND NOT IsDeleted = true", [A, D]),
        ("LastName LIKE 'Janss_n'", [B]),
        ("Email = null", [D]),
        ("Email != null AND Locale__c IN ('NL', 'BE-NL')", [A, B]),
        ("OwnerId NOT IN ('" + OWNER + "')", [D]),
        (f"Id = '{A[:15]}'", [A]),
        ("SystemModstamp >= 2026-06-20T00:00:00Z AND SystemModstamp < 2026-06-30T12:00:00+02:00", [B]),
        ("SystemModstamp >= 2026-06-20T00:00:00.000Z AND SystemModstamp <= 2026-06-30T12:00:00.000+0200", [A, B]),
        ("ConvertedDate = 2026-06-15", [A]),
        ("ConvertedDate > 2026-06-15", []),
        ("Owner.Name = 'Sales desk 1' AND Locale__c = 'NL'", [A, B]),
        ("LastName = 'K\\u00f6ln'", []),
    ],
)
def test_conditions_mean_what_soql_says(salesforce: Any, where: str, found: list[str]) -> None:
    assert selected(salesforce, where) == found


def test_children_are_found_through_their_parent_even_one_in_the_recycle_bin(salesforce: Any) -> None:
    soql = "SELECT LeadId, Lead.Locale__c, NewValue FROM LeadHistory WHERE Lead.Locale__c IN ('NL')"
    records = salesforce.query_all(soql, include_deleted=True)["records"]
    assert [(row["LeadId"], row["Lead"]["Locale__c"]) for row in records] == [(A, "NL"), (B, "NL")]


def test_amounts_are_exact_and_comparable(salesforce: Any) -> None:
    answer = salesforce.query("SELECT Id, Amount, CurrencyIsoCode FROM Opportunity WHERE Amount > 1250.4999")
    assert [(row["Id"], row["Amount"], row["CurrencyIsoCode"]) for row in answer["records"]] == [(DEAL, 1250.5, "GBP")]
    assert ids(salesforce.query("SELECT Id FROM Opportunity WHERE Amount = 1250.50 AND CloseDate <= 2026-06-30")) == [
        DEAL
    ]


def test_order_limit_and_nulls_first(salesforce: Any) -> None:
    soql = f"SELECT Id FROM Lead WHERE Id IN ('{A}', '{D}') ORDER BY Email"
    assert ids(salesforce.query(soql)) == [D, A]
    assert ids(salesforce.query(f"{soql} NULLS LAST")) == [A, D]
    assert ids(salesforce.query(f"{soql} DESC NULLS LAST LIMIT 1")) == [A]


def test_a_query_with_hundreds_of_ids_fits_into_an_address(salesforce: Any) -> None:
    known = ids(salesforce.query("SELECT Id FROM Lead LIMIT 500"))
    listed = ",".join(f"'{record_id}'" for record_id in known)
    assert selected(salesforce, f"Id IN ({listed})") == known


def test_count_counts(salesforce: Any) -> None:
    answer = salesforce.query("select count() from Lead where Locale__c = 'DE'")
    assert answer == {"totalSize": PLAIN_LEADS, "done": True, "records": []}


def test_pages_of_two_thousand_make_up_the_answer(salesforce: Any) -> None:
    first = salesforce.query("SELECT Id FROM Lead")
    assert (first["totalSize"], first["done"], len(first["records"])) == (PLAIN_LEADS + 2, False, 2_000)
    assert re.fullmatch(DATA + r"/query/0r8\w{15}-2000", first["nextRecordsUrl"])
    last = salesforce.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert (last["done"], "nextRecordsUrl" in last) == (True, False)
    assert len(set(ids(first) + ids(last))) == PLAIN_LEADS + 2
    assert len(salesforce.query_all("SELECT Id FROM Lead")["records"]) == PLAIN_LEADS + 2


def test_a_client_may_ask_for_smaller_pages_down_to_two_hundred(salesforce: Any) -> None:
    headers = {"Sforce-Query-Options": "batchSize=50"}
    answer = salesforce.query("SELECT Id FROM Lead", headers=headers)
    assert len(answer["records"]) == 200


def test_a_locator_that_was_never_given_out_or_is_stale_is_refused(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        client = salesforce_client(contract)
        page = client.query("SELECT Id FROM Lead")
        requests.post(contract["control"] + "/clock", json={"advance_days": 1}, timeout=10).raise_for_status()
        for locator in (page["nextRecordsUrl"], f"{DATA}/query/0r8xx9999999999AAA-2000"):
            with pytest.raises(SalesforceMalformedRequest, match="INVALID_QUERY_LOCATOR"):
                client.query_more(locator, identifier_is_url=True)


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Nothing__c FROM Lead", "INVALID_FIELD", "No such column 'Nothing__c' on entity 'Lead'"),
        ("SELECT Id FROM Prospect", "INVALID_TYPE", "sObject type 'Prospect' is not supported"),
        ("SELECT Id, FROM Lead", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id FROM Lead WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Lead WHERE Id = :id", "MALFORMED_QUERY", "Bind variables only allowed"),
        ("SELECT Id FROM Lead WHERE IsDeleted = false AND Id = null OR Id = null", "MALFORMED_QUERY", "'OR'"),
        ("SELECT Id FROM Lead WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM Lead WHERE Status = 3", "INVALID_FIELD", "must be of type string"),
        ("SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01T00:00:00 00:00", "MALFORMED_QUERY", "unexpected"),
        ("SELECT Account.Name FROM Lead", "INVALID_FIELD", "No such column 'Account'"),
        ("SELECT Id FROM Lead GROUP BY Id", "MALFORMED_QUERY", "unexpected token: 'GROUP'"),
    ],
)
def test_a_wrong_query_is_refused_by_rest_and_by_bulk_alike(salesforce: Any, soql: str, code: str, words: str) -> None:
    with pytest.raises(SalesforceMalformedRequest) as error:
        salesforce.query(soql)
    [content] = cast(list[dict[str, str]], error.value.content)
    assert content["errorCode"] == code
    assert words in content["message"]
    with pytest.raises(SalesforceMalformedRequest, match=code):
        salesforce.bulk2.Lead._client.create_job("query", query=soql)


def test_describe_tells_types_references_and_custom_fields(salesforce: Any) -> None:
    fields = {field["name"]: field for field in salesforce.Lead.describe()["fields"]}
    assert {name: fields[name]["type"] for name in ("Id", "Email", "Status", "ConvertedDate", "SystemModstamp")} == {
        "Id": "id", "Email": "email", "Status": "picklist", "ConvertedDate": "date", "SystemModstamp": "datetime",
    }  # fmt: skip
    assert (fields["OwnerId"]["relationshipName"], fields["OwnerId"]["referenceTo"]) == ("Owner", ["User"])
    assert (fields["Locale__c"]["custom"], fields["Locale__c"]["calculated"]) == (True, False)
    assert not {"commit_at", "is_purged"} & fields.keys()


def test_currencies_exist_only_where_the_org_has_several(salesforce: Any, vendors: Contract) -> None:
    americas = salesforce_client(vendors, "americas")
    objects = [{item["name"] for item in client.describe()["sobjects"]} for client in (salesforce, americas)]
    assert [{"CurrencyType", "DatedConversionRate"} <= names for names in objects] == [True, False]
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'CurrencyIsoCode' on entity 'Opportunity'"):
        americas.query("SELECT CurrencyIsoCode FROM Opportunity")


def test_deleted_and_updated_tell_what_changed_in_a_span(salesforce: Any) -> None:
    start, end = datetime(2026, 6, 19, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
    gone = salesforce.Lead.deleted(start, end)
    assert [row["id"] for row in gone["deletedRecords"]] == [B, C]
    assert gone["deletedRecords"][0]["deletedDate"] == "2026-06-20T00:00:00.000+0000"
    assert salesforce.Lead.updated(start, end)["ids"] == [A]
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_REPLICATION_DATE"):
        salesforce.Lead.deleted(datetime(2026, 6, 1, tzinfo=UTC), end)


def test_a_wrong_secret_is_told_in_oauths_own_shape(vendors: Contract) -> None:
    with pytest.raises(SalesforceAuthenticationFailed, match=r"invalid_client\): invalid client credentials"):
        salesforce_client(vendors, consumer_secret="wrong")
    with pytest.raises(SalesforceAuthenticationFailed, match="invalid_client_id"):
        salesforce_client(vendors, consumer_key="wrong")


def test_a_session_that_is_not_open_is_401_in_an_array(salesforce: Any, vendors: Contract) -> None:
    url = vendors["endpoints"]["salesforce_global"] + f"{DATA}/limits"
    answer = requests.get(url, headers={"Authorization": "Bearer 00D!stolen"}, timeout=10)
    assert (answer.status_code, answer.json()) == (
        401,
        [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}],
    )


def test_an_expired_session_is_the_clients_own_exception(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        client = salesforce_client(contract)
        client.bulk2.Lead  # noqa: B018 - the handler freezes its headers when first used
        client.session.headers["Authorization"] = "Bearer none"
        client.headers["Authorization"] = "Bearer none"
        client.session_id, client._salesforce_login_partial = "none", None
        with pytest.raises(SalesforceExpiredSession):
            client.query("SELECT Id FROM Lead LIMIT 1")


def test_calls_are_counted_and_the_one_too_many_is_403(start_vendors: StartVendors) -> None:
    with start_vendors(Settings(org_limits=OrgLimits(api_requests=10))) as contract:
        client = salesforce_client(contract)
        assert client.limits()["DailyApiRequests"] == {"Max": 10, "Remaining": 9}
        assert tuple(client.api_usage["api-usage"]) == (1, 10)
        drained = {"requests": 9}
        requests.post(contract["control"] + "/drain/salesforce_global", json=drained, timeout=10).raise_for_status()
        with pytest.raises(SalesforceRefusedRequest, match="TotalRequests Limit exceeded"):
            client.limits()


def test_the_date_header_is_the_sandboxs_now(salesforce: Any, vendors: Contract) -> None:
    answer = requests.get(vendors["endpoints"]["salesforce_global"] + "/services/data", timeout=10)
    assert answer.headers["Date"] == "Wed, 01 Jul 2026 06:00:00 GMT"
    assert answer.json()[-1] == {"label": "Release 64", "url": DATA, "version": "64.0"}
