"""Peculiar orgs, against a served one: mass updates, formulas, merges, new words, other currencies, hidden fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.salesforce import extract
from connectors.salesforce.streams import (
    CAMPAIGN_MEMBER,
    CURRENCY_TYPE,
    DATED_CONVERSION_RATE,
    LEAD,
    OPPORTUNITY,
    OPPORTUNITY_CONTACT_ROLE,
)
from sandbox.company.store import Company
from sandbox.faults import Action, Edit
from tests.connectors.salesforce.served import ServedOrg
from tests.connectors.salesforce.test_served_removals import some_ids, standing, tomorrow

CROWD = 20_000
STAMP = datetime(2026, 6, 20, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def refreshed(served: ServedOrg) -> ServedOrg:
    """After a first refresh, a minute later."""
    served.refresh()
    served.network.clock.advance(seconds=60)
    return served


@dataclass(eq=False)
class MassEdited(Company):
    """The company, but one import wrote all its leads in the same instant."""

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        """Versions as they were, of leads the crowd only."""
        table = super().crm_versions(org, object_name)
        if object_name != "Lead":
            return table
        one = table.filter(pc.invert(table["IsDeleted"])).slice(0, 1).to_pylist()[0]
        stamps = dict.fromkeys(("CreatedDate", "SystemModstamp", "LastModifiedDate", "commit_at"), STAMP)
        rows = pa.Table.from_pylist([{**one, **stamps}], table.schema).take(pa.array([0] * CROWD))
        ids = pa.array([f"00QM{number:011d}AAA" for number in range(CROWD)]).cast(table.schema.field("Id").type)
        return rows.set_column(rows.column_names.index("Id"), table.schema.field("Id"), ids)


@pytest.mark.parametrize("by", ["bulk", "rest"])
def test_twenty_thousand_records_on_one_stamp_all_arrive_once(
    company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """SF-03: there is no cursor inside a window that could stand still, or skip."""
    monkeypatch.setattr(extract, "BULK_ABOVE_ROWS", 100 if by == "bulk" else 10 * CROWD)
    crowd = MassEdited(**vars(company))
    served = ServedOrg(crowd, tmp_path)
    try:
        served.refresh()
        again = served.refresh()
        ids = served.landing.read(LEAD.dataset)["id"]
    finally:
        served.network.stop()
    assert (len(ids), len(ids.unique())) == (CROWD, CROWD)
    assert again.changed is False


def test_a_formula_is_never_landed_so_that_none_goes_stale(served: ServedOrg) -> None:
    """SF-31: its outcome changes without the record's SystemModstamp."""
    standing(served, LEAD, Action(calculated_field="Country"))
    served.refresh()
    [name] = some_ids(served, LEAD, 1)
    changed = Edit(records=(name,), fields={"Country": "FR"}, is_stamped=False)
    standing(served, LEAD, Action(edit=changed))
    tomorrow(served)
    assert served.landing.read(LEAD.dataset)["country"].null_count == len(served.landing.read(LEAD.dataset))


def test_an_org_whose_locale_is_a_formula_is_told_so_before_anything_lands(served: ServedOrg) -> None:
    """SF-31: countries would keep records that have long moved on."""
    standing(served, LEAD, Action(calculated_field="Locale__c"))
    with pytest.raises(ConfigurationError, match=r"has no field (Lead\.)?Locale__c"):
        served.refresh()
    assert served.landing.is_new(LEAD.dataset, "nl")


def test_deletions_not_yet_committed_when_asked_are_asked_for_again(refreshed: ServedOrg) -> None:
    """SF-34: the next question begins where ``latestDateCovered`` ended, not where we stopped."""
    ids = some_ids(refreshed, LEAD, 2)
    standing(refreshed, LEAD, Action(hard_delete=ids))
    covered = f"{refreshed.now - timedelta(hours=1):%Y-%m-%dT%H:%M:%S.000+0000}"
    body = f'{{"deletedRecords":[],"earliestDateAvailable":"{covered}","latestDateCovered":"{covered}"}}'
    refreshed.fault(Action(status=200, body=body), path="/deleted", object="Lead")
    tomorrow(refreshed)
    assert set(ids) <= set(refreshed.landed_ids(LEAD, alive=True))
    tomorrow(refreshed)
    assert not set(ids) & set(refreshed.landed_ids(LEAD, alive=True))


@pytest.mark.parametrize("days", [13, 14, 15, 16])
def test_deletions_at_the_edge_of_what_get_deleted_reaches_are_found(refreshed: ServedOrg, days: int) -> None:
    """SF-34, SF-35: it goes back fifteen days, to the minute."""
    ids = some_ids(refreshed, LEAD, 2)
    standing(refreshed, LEAD, Action(hard_delete=ids))
    tomorrow(refreshed, days)
    assert not set(ids) & set(refreshed.landed_ids(LEAD, alive=True))


def test_a_record_purged_in_the_minute_of_a_refresh_is_found_by_the_next(refreshed: ServedOrg) -> None:
    """SF-34: ``getDeleted`` ignores seconds."""
    ids = some_ids(refreshed, LEAD, 1)
    refreshed.network.clock.advance(days=1)
    standing(refreshed, LEAD, Action(hard_delete=ids))
    refreshed.refresh()
    refreshed.network.clock.advance(seconds=900)
    refreshed.refresh()
    assert not set(ids) & set(refreshed.landed_ids(LEAD, alive=True))


def test_a_membership_that_a_merge_destroyed_stays_with_the_person_who_responded(refreshed: ServedOrg) -> None:
    """SF-40: of two leads in one campaign the org keeps one membership; both did respond."""
    master, loser = _two_members(refreshed)
    merge = Edit(records=(loser["lead_id"],), fields={"IsDeleted": True, "MasterRecordId": master["lead_id"]})
    standing(refreshed, LEAD, Action(edit=merge))
    standing(refreshed, CAMPAIGN_MEMBER, Action(hard_delete=(loser["id"],)))
    tomorrow(refreshed, 8)
    kept = refreshed.newest(CAMPAIGN_MEMBER)[loser["id"]]
    assert (kept["is_deleted"], kept["lead_id"]) == (False, loser["lead_id"])
    assert refreshed.newest(LEAD)[loser["lead_id"]]["master_record_id"] == master["lead_id"]


def _two_members(served: ServedOrg) -> list[dict[str, Any]]:
    """Memberships of two leads of a country."""
    leads = set(some_ids(served, LEAD, 1_000))
    rows = [row for row in served.newest(CAMPAIGN_MEMBER).values() if row["lead_id"] in leads]
    by_lead = {row["lead_id"]: row for row in rows if not row["is_deleted"]}
    return [by_lead[name] for name in sorted(by_lead)[:2]]


def test_deals_without_a_lead_and_deals_of_several_contacts_land_with_every_role(served: ServedOrg) -> None:
    """SF-43: whose deal it is, and in which parts, is decided by the models; nothing is decided while extracting."""
    served.refresh()
    deals = {name: row for name, row in served.newest(OPPORTUNITY).items() if not row["is_deleted"]}
    converted = {row["converted_opportunity_id"] for row in served.newest(LEAD).values()}
    roles = [row for row in served.newest(OPPORTUNITY_CONTACT_ROLE).values() if not row["is_deleted"]]
    assert set(deals) - converted
    assert set(deals) & converted
    expected = served.records(OPPORTUNITY_CONTACT_ROLE)
    pairs = zip(expected["OpportunityId"].to_pylist(), expected["ContactId"].to_pylist(), strict=True)
    landed = ((row["opportunity_id"], row["contact_id"]) for row in served.newest(OPPORTUNITY_CONTACT_ROLE).values())
    assert Counter(landed) == Counter(pairs)
    assert max(Counter(row["contact_id"] for row in roles).values()) > 1


def test_a_picklist_value_nobody_has_mapped_yet_lands_as_the_org_has_it(refreshed: ServedOrg) -> None:
    """SF-57: the models keep it as unmapped, count it and say so (tests/dbt)."""
    [name] = some_ids(refreshed, LEAD, 1)
    standing(refreshed, LEAD, Action(edit=Edit(records=(name,), fields={"Status": "Gloednieuw"})))
    tomorrow(refreshed)
    assert refreshed.newest(LEAD)[name]["status"] == "Gloednieuw"


def test_another_corporate_currency_stops_the_rates_until_the_connection_accepts_it(refreshed: ServedOrg) -> None:
    """SF-47: every rate is per unit of it."""
    corporate, other = _currency(refreshed, "EUR"), _currency(refreshed, "USD")
    before = [refreshed.landing.read(stream.dataset) for stream in (CURRENCY_TYPE, DATED_CONVERSION_RATE)]
    standing(refreshed, CURRENCY_TYPE, Action(edit=Edit(records=(corporate,), fields={"IsCorporate": False})))
    standing(refreshed, CURRENCY_TYPE, Action(edit=Edit(records=(other,), fields={"IsCorporate": True})))
    refreshed.network.clock.advance(days=1)
    with pytest.raises(ConfigurationError, match="corporate currency is USD, not EUR"):
        refreshed.refresh()
    assert [refreshed.landing.read(s.dataset) for s in (CURRENCY_TYPE, DATED_CONVERSION_RATE)] == before
    assert refreshed.landing.covered_until(LEAD.dataset, "nl") > refreshed.now - timedelta(minutes=10)  # type: ignore[operator]
    refreshed.refresh(refreshed.client(corporate_currency="USD"))
    assert refreshed.newest(CURRENCY_TYPE)[other]["is_corporate"]
    tomorrow(refreshed)


def _currency(served: ServedOrg, code: str) -> str:
    return next(name for name, row in served.newest(CURRENCY_TYPE).items() if row["iso_code"] == code)


def test_records_hidden_by_sharing_are_noticed_the_same_day(refreshed: ServedOrg) -> None:
    """SF-49: their number is compared with the last one, and what left is accounted for."""
    tomorrow(refreshed)
    before = refreshed.landed_ids(LEAD, alive=True)
    refreshed.network.clock.advance(days=1)
    standing(refreshed, LEAD, Action(hard_delete=len(before) // 2))
    body = f'{{"deletedRecords":[],"latestDateCovered":"{refreshed.now:%Y-%m-%dT%H:%M:%SZ}"}}'
    refreshed.fault(Action(status=200, body=body), path="/deleted", object="Lead")
    with pytest.raises(IncompleteResponse, match="cannot be seen any more"):
        refreshed.refresh()
    assert refreshed.landed_ids(LEAD, alive=True) == before


def test_many_records_deleted_on_purpose_are_no_reason_to_stop(refreshed: ServedOrg) -> None:
    """SF-49, SF-33: the org says of each that it is deleted."""
    tomorrow(refreshed)
    ids = tuple(refreshed.landed_ids(LEAD, alive=True))
    most = ids[: len(ids) * 3 // 4]
    standing(refreshed, LEAD, Action(edit=Edit(records=most, fields={"IsDeleted": True})))
    tomorrow(refreshed)
    left = set(refreshed.landed_ids(LEAD, alive=True)) & set(most)  # the simulated people go on, and so do some leads
    assert len(left) < len(most) // 10


def test_a_connected_app_that_grants_everything_is_refused(served: ServedOrg) -> None:
    """PR-14."""
    body = '{"access_token":"00D!AQ","instance_url":"https://noordlicht.my.salesforce.com","scope":"api full"}'
    served.fault(Action(status=200, body=body), path="oauth2/token")
    with pytest.raises(ConfigurationError, match="grants the scope full") as raised:
        served.client().check()
    assert "`api` only" in raised.value.next_step
    assert served.meter("requests") == 1


def test_the_scope_that_reading_needs_is_enough(serve: Callable[..., ServedOrg]) -> None:
    """PR-14."""
    served = serve()
    client = served.client()
    client.check()
    assert client.meter.user_id
