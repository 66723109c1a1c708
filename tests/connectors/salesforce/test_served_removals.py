"""Records that go, come back, move and merge, against a served org: what is landed ends as the org has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pyarrow.compute as pc
import pytest

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import CAMPAIGN_MEMBER, LEAD, LEAD_HISTORY, OPPORTUNITY
from sandbox.faults import Action, Edit
from tests.connectors.salesforce.served import ServedOrg


@pytest.fixture
def refreshed(served: ServedOrg) -> ServedOrg:
    """After a first refresh, a minute later."""
    served.refresh()
    served.network.clock.advance(seconds=60)
    return served


def some_ids(served: ServedOrg, stream: SalesforceStream, count: int, locale: str = "NL") -> tuple[str, ...]:
    """Undeleted records of a locale, the first by Id."""
    rows = served.records(stream)
    mine = rows.filter(pc.and_not(pc.equal(rows["Locale__c"], locale), rows["IsDeleted"]))
    return tuple(mine["Id"].to_pylist()[:count])


def tomorrow(served: ServedOrg, days: int = 1) -> None:
    served.network.clock.advance(days=days)
    served.refresh()


def standing(served: ServedOrg, stream: SalesforceStream, action: Action) -> None:
    served.fault(action, object=stream.object_name, times=0)


def test_a_soft_deleted_record_is_marked_and_an_undelete_brings_it_back(refreshed: ServedOrg) -> None:
    """SF-33, SF-37."""
    ids = some_ids(refreshed, LEAD, 2)
    standing(refreshed, LEAD, Action(edit=Edit(records=ids, fields={"IsDeleted": True})))
    tomorrow(refreshed)
    assert [refreshed.newest(LEAD)[name]["is_deleted"] for name in ids] == [True, True]
    refreshed.network.faults.clear()
    standing(refreshed, LEAD, Action(edit=Edit(records=ids[:1], fields={"IsDeleted": False})))
    tomorrow(refreshed)
    assert [refreshed.newest(LEAD)[name]["is_deleted"] for name in ids] == [False, True]


@pytest.mark.parametrize("stream", [LEAD, OPPORTUNITY], ids=lambda stream: stream.name)
def test_a_record_gone_for_good_is_landed_as_deleted_with_all_it_was(
    refreshed: ServedOrg, stream: SalesforceStream
) -> None:
    """SF-34."""
    ids = some_ids(refreshed, stream, 2)
    before = {name: refreshed.newest(stream)[name] for name in ids}
    standing(refreshed, stream, Action(hard_delete=ids))
    tomorrow(refreshed)
    assert not set(ids) & set(refreshed.landed_ids(stream, alive=True))
    for name in ids:
        row = refreshed.newest(stream)[name]
        assert row["system_modstamp"] - before[name]["system_modstamp"] == timedelta(microseconds=1)
        ours = {"is_deleted", "system_modstamp", "_load_seq", "_window_id"}
        assert {k: v for k, v in row.items() if k not in ours} == {
            k: v for k, v in before[name].items() if k not in ours
        }


def test_looking_for_removed_records_again_changes_nothing(refreshed: ServedOrg) -> None:
    """SF-34, SF-04."""
    standing(refreshed, LEAD, Action(hard_delete=some_ids(refreshed, LEAD, 3)))
    tomorrow(refreshed)
    once = refreshed.landing.read(LEAD.dataset).num_rows
    refreshed.network.clock.advance(seconds=900)
    refreshed.refresh()
    assert refreshed.landing.read(LEAD.dataset).num_rows == once


@pytest.mark.parametrize(
    ("days", "trouble"),
    [
        pytest.param(20, None, id="twenty days without a refresh"),
        pytest.param(1, Action(status=400, code="INVALID_REPLICATION_DATE"), id="getDeleted does not reach back SF-35"),
        pytest.param(1, Action(status=400, code="EXCEEDED_ID_LIMIT"), id="too many Ids"),
        pytest.param(
            8,
            Action(status=200, body='{"deletedRecords":[],"latestDateCovered":"2026-07-09T06:00:00Z"}'),
            id="getDeleted says nothing, but a week has passed",
        ),
    ],
)
def test_where_get_deleted_does_not_reach_every_id_is_compared(
    refreshed: ServedOrg, days: int, trouble: Action | None
) -> None:
    """SF-34, SF-35."""
    ids = some_ids(refreshed, LEAD, 2)
    standing(refreshed, LEAD, Action(hard_delete=ids))
    if trouble:
        refreshed.fault(trouble, path="/deleted", object="Lead")
    tomorrow(refreshed, days)
    assert not set(ids) & set(refreshed.landed_ids(LEAD, alive=True))
    visible = refreshed.records(LEAD)
    alive = set(visible.filter(pc.invert(visible["IsDeleted"]))["Id"].to_pylist()) - set(ids)
    assert set(refreshed.landed_ids(LEAD, alive=True)) == alive


def test_records_that_the_account_lost_sight_of_are_not_taken_for_deleted(refreshed: ServedOrg) -> None:
    """SF-49."""
    alive = refreshed.landed_ids(LEAD, alive=True)
    standing(refreshed, LEAD, Action(hard_delete=len(alive) // 2))
    refreshed.fault(Action(status=403, code="INSUFFICIENT_ACCESS"), path="/deleted", object="Lead", times=0)
    with pytest.raises(IncompleteResponse, match="cannot be seen any more") as raised:
        tomorrow(refreshed)
    assert "sharing" in raised.value.next_step
    assert refreshed.landed_ids(LEAD, alive=True) == alive


def test_purged_history_and_memberships_that_a_merge_destroyed_are_kept(refreshed: ServedOrg) -> None:
    """SF-40, SF-42."""
    for stream in (LEAD_HISTORY, CAMPAIGN_MEMBER):
        before = refreshed.landed_ids(stream, alive=True)
        standing(refreshed, stream, Action(hard_delete=tuple(before[:2])))
        tomorrow(refreshed, 8)
        assert set(before[:2]) <= set(refreshed.landed_ids(stream, alive=True))


def test_a_merged_lead_stays_with_its_master(refreshed: ServedOrg) -> None:
    """SF-38, SF-39."""
    master, loser = some_ids(refreshed, LEAD, 2)
    merge = Edit(records=(loser,), fields={"IsDeleted": True, "MasterRecordId": master})
    standing(refreshed, LEAD, Action(edit=merge))
    tomorrow(refreshed)
    row = refreshed.newest(LEAD)[loser]
    assert (row["is_deleted"], row["master_record_id"]) == (True, master)


def test_a_record_that_changes_country_has_one_newest_version(refreshed: ServedOrg) -> None:
    """SF-41."""
    [name] = some_ids(refreshed, LEAD, 1)
    standing(refreshed, LEAD, Action(edit=Edit(records=(name,), fields={"Locale__c": "DE"})))
    tomorrow(refreshed)
    row = refreshed.newest(LEAD)[name]
    assert (row["locale_value"], row["_scope"]) == ("DE", "de")
    versions = [r for r in refreshed.landing.read(LEAD.dataset).to_pylist() if r["id"] == name]
    assert sorted(r["_scope"] for r in versions) == ["de", "nl"]


def test_a_touch_by_the_system_alone_is_a_change(refreshed: ServedOrg) -> None:
    """SF-32."""
    ids = some_ids(refreshed, LEAD, 3)
    before = {name: refreshed.newest(LEAD)[name]["system_modstamp"] for name in ids}
    standing(refreshed, LEAD, Action(system_touch=ids))
    tomorrow(refreshed)
    assert all(refreshed.newest(LEAD)[name]["system_modstamp"] > before[name] for name in ids)


def test_what_is_committed_late_is_found_in_the_overlap(refreshed: ServedOrg) -> None:
    """SF-01, SF-02, SF-04."""
    standing(refreshed, LEAD, Action(delay_commits=600))
    for _ in range(10):
        refreshed.network.clock.advance(seconds=7_200)
        refreshed.refresh()
    refreshed.network.faults.clear()
    horizon = refreshed.now - timedelta(minutes=30)
    visible = {row["Id"]: row["SystemModstamp"] for row in refreshed.records(LEAD).to_pylist()}
    newest = refreshed.newest(LEAD)
    assert all(newest[name]["system_modstamp"] >= stamp for name, stamp in visible.items() if stamp < horizon)


def test_amount_and_currency_change_together(refreshed: ServedOrg) -> None:
    """SF-46."""
    [name] = some_ids(refreshed, OPPORTUNITY, 1)
    flip = Edit(records=(name,), fields={"CurrencyIsoCode": "CHF"})
    standing(refreshed, OPPORTUNITY, Action(edit=flip))
    tomorrow(refreshed)
    assert refreshed.newest(OPPORTUNITY)[name]["currency_iso_code"] == "CHF"
    versions = [r for r in refreshed.landing.read(OPPORTUNITY.dataset).to_pylist() if r["id"] == name]
    assert len(versions) == 2


def test_a_nul_character_is_taken_out_whichever_way_it_comes(
    serve: Callable[..., ServedOrg], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SF-27."""
    served = serve()
    [name] = some_ids(served, LEAD, 1)
    standing(served, LEAD, Action(edit=Edit(records=(name,), fields={"Country": "N\0L"})))
    served.network.clock.advance(days=1)
    served.refresh()
    assert served.newest(LEAD)[name]["country"] == "NL"


def test_a_field_that_is_not_seen_any_more_stops_its_object_until_the_connection_does_without(
    refreshed: ServedOrg,
) -> None:
    """SF-06, SF-49."""
    [name] = some_ids(refreshed, LEAD, 1)
    before = refreshed.newest(LEAD)[name]
    standing(refreshed, LEAD, Action(system_touch=(name,)))
    standing(refreshed, LEAD, Action(remove_field="Country"))
    with pytest.raises(ConfigurationError, match=r"Lead\.Country was there") as raised:
        tomorrow(refreshed)
    assert "`without`" in raised.value.next_step
    assert refreshed.newest(LEAD)[name] == before
    refreshed.refresh(refreshed.client(without=("Lead.Country",)))
    assert refreshed.newest(LEAD)[name]["country"] is None
    refreshed.refresh()


def test_a_needed_field_that_goes_stops_its_object(refreshed: ServedOrg) -> None:
    """SF-06, SF-49."""
    standing(refreshed, LEAD, Action(remove_field="Status"))
    with pytest.raises(ConfigurationError, match="Lead has no field Status"):
        tomorrow(refreshed)
