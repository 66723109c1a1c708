"""Fields in which an org notes when a stage was entered, against a served one."""

from __future__ import annotations

from datetime import UTC

import pytest

from connectors.errors import ConfigurationError
from connectors.salesforce.streams import LEAD
from sandbox.faults import Action
from tests.connectors.salesforce.served import ServedOrg
from tests.connectors.salesforce.test_served_removals import some_ids, standing

NOTED = {"mql_date_field": "MQL_Date__c"}


def test_what_the_org_notes_lands_to_the_second(served: ServedOrg) -> None:
    served.refresh(served.client(**NOTED))
    told = {row["Id"]: row["MQL_Date__c"] for row in served.records(LEAD).to_pylist()}
    assert any(told.values())
    landed = {name: row["mql_at"] for name, row in served.newest(LEAD).items()}
    assert landed == {name: at and at.astimezone(UTC) for name, at in told.items()}


def test_an_org_that_notes_nothing_is_asked_for_nothing(served: ServedOrg) -> None:
    served.refresh()
    assert {row["mql_at"] for row in served.newest(LEAD).values()} == {None}


def test_a_field_the_org_does_not_have_stops_nobody(served: ServedOrg) -> None:
    served.refresh(served.client(mql_date_field="MQL_Dtae__c"))
    assert {row["mql_at"] for row in served.newest(LEAD).values()} == {None}
    assert served.landed_ids(LEAD)


def test_a_field_that_is_not_named_any_more_is_not_missed_but_one_that_is_hidden_is(served: ServedOrg) -> None:
    """SF-49."""
    served.refresh(served.client(**NOTED))
    [name] = some_ids(served, LEAD, 1)
    standing(served, LEAD, Action(system_touch=(name,)))
    standing(served, LEAD, Action(remove_field="MQL_Date__c"))
    served.network.clock.advance(seconds=3600)
    with pytest.raises(ConfigurationError, match=r"Lead\.MQL_Date__c was there"):
        served.refresh(served.client(**NOTED))
    served.refresh()
