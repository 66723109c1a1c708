"""What an org knows changing behind everybody's back: fields, stamps, records, and when they come to light."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest

from sandbox.faults import Action, Edit, Fault, Match
from sandbox.vendors.network import Network

from .faulty_network import GLOBAL, spoil
from .queries import ids
from .test_fault_salesforce import LEADS
from .vendor_miniature import A, B, C, D


def records(client: Any, soql: str = LEADS) -> list[dict[str, Any]]:
    return list(client.query(soql, include_deleted=True)["records"])


def values(client: Any, *fields: str, where: str = f"Id = '{A}'") -> Any:
    [record] = records(client, f"SELECT {', '.join(fields)} FROM Lead WHERE {where}")
    return tuple(record[name] for name in fields)


def test_a_field_that_the_user_may_no_longer_see_is_gone_from_describe_and_queries(
    network: Network, client: Any
) -> None:
    spoil(network, GLOBAL, Match(object="Lead", times=0), remove_field="Status")
    assert "Status" not in {field["name"] for field in client.Lead.describe()["fields"]}
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Status' on entity 'Lead'"):
        client.query(LEADS)
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Status'"):
        client.bulk2.Lead._client.create_job("query", query=LEADS)


def test_a_field_passes_for_a_formula_or_an_address_which_bulk_refuses(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, Match(object="Lead", times=0), calculated_field="Locale__c", compound_field="Status")
    fields = {field["name"]: field for field in client.Lead.describe()["fields"]}
    assert (fields["Locale__c"]["calculated"], fields["Id"]["calculated"]) == (True, False)
    assert fields["Status"]["type"] == "address"
    with pytest.raises(SalesforceMalformedRequest, match="Selecting compound data not supported in Bulk Query"):
        client.bulk2.Lead._client.create_job("query", query=LEADS)
    assert client.query("SELECT Id FROM Lead LIMIT 1")["totalSize"] == 1


def test_automation_touches_records_without_changing_them(network: Network, client: Any) -> None:
    before = values(client, "SystemModstamp", "Status")
    spoil(network, GLOBAL, Match(object="Lead", times=0), system_touch=(A,))
    after = values(client, "SystemModstamp", "Status")
    assert (before[1], after) == (after[1], ("2026-07-01T06:00:00.000+0000", before[1]))


def test_records_are_edited_deleted_and_brought_back(network: Network, client: Any) -> None:
    lead = Match(object="Lead", times=0)
    spoil(network, GLOBAL, lead, edit=Edit((A,), {"Status": "a\0b", "IsDeleted": True, "ConvertedDate": "2026-06-30"}))
    fields = ("Status", "IsDeleted", "ConvertedDate", "SystemModstamp")
    assert values(client, *fields) == ("a\0b", True, "2026-06-30", "2026-07-01T06:00:00.000+0000")
    assert ids(client.query(LEADS)) == [D]
    spoil(network, GLOBAL, lead, edit=Edit((B,), {"IsDeleted": False}))
    assert values(client, "IsDeleted", where=f"Id = '{B}'") == (False,)
    before = values(client, "SystemModstamp")
    spoil(network, GLOBAL, lead, edit=Edit((A,), {"Status": "Formula"}, is_stamped=False))
    assert values(client, "Status", "SystemModstamp") == ("Formula", *before)


def test_several_changes_add_up_each_since_its_own_time(network: Network, client: Any) -> None:
    lead = Match(object="Lead", times=0)
    network.faults.add(Fault(GLOBAL, lead, Action(edit=Edit((A,), {"Status": "first"}))))
    network.clock.advance(seconds=600)
    network.faults.add(Fault(GLOBAL, lead, Action(edit=Edit((D,), {"Status": "second"}))))
    found = [
        (row["Status"], row["SystemModstamp"]) for row in records(client, LEADS.replace("Id,", "Id, SystemModstamp,"))
    ]
    assert found == [("first", "2026-07-01T06:00:00.000+0000"), ("second", "2026-07-01T06:10:00.000+0000")]


def test_purged_records_are_gone_for_every_query_and_told_by_deleted(network: Network, client: Any) -> None:
    network.clock.advance(seconds=60)
    spoil(network, GLOBAL, Match(object="Lead", times=0), hard_delete=1)
    assert [row["Id"] for row in records(client)] == [D]
    network.clock.advance(seconds=60)
    gone = client.Lead.deleted(datetime(2026, 6, 24, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC))
    assert [row["id"] for row in gone["deletedRecords"]] == [A, C]


def test_commits_that_are_late_show_later_under_their_old_stamp(network: Network, client: Any) -> None:
    spoil(network, GLOBAL, Match(object="Lead", times=0), delay_commits=86_400.0)
    assert values(client, "Status") == ("Nieuw",)
    network.clock.advance(seconds=6 * 3_600)
    assert values(client, "Status", "SystemModstamp") == ("In behandeling", "2026-06-30T10:00:00.000+0000")
