"""Changes that do not fit into memory together, as after an outage, against a served org."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.landing import files
from connectors.salesforce import refresh
from connectors.salesforce.sinks import Gathered
from connectors.salesforce.stream_specs import SalesforceStream
from connectors.salesforce.streams import CAMPAIGN_MEMBER, LEAD, OPPORTUNITY
from connectors.windows import COMMIT_HORIZON
from sandbox.faults import Action
from tests.connectors.salesforce.served import ServedOrg
from tests.connectors.salesforce.test_served_removals import some_ids, standing

FEW = 25


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were in memory together, each time."""
    counts: list[int] = []
    table = Gathered.table

    def counted(gathered: Gathered) -> pa.Table:
        found = table(gathered)
        counts.append(len(found))
        return found

    monkeypatch.setattr(Gathered, "table", counted)
    monkeypatch.setattr(refresh, "PIECE_ROWS", FEW)
    monkeypatch.setattr(files, "PIECE_ROWS", FEW)
    return counts


@pytest.mark.parametrize("stream", [LEAD, OPPORTUNITY, CAMPAIGN_MEMBER], ids=lambda stream: stream.name)
def test_after_an_outage_changes_land_window_after_window_and_the_org_is_there(
    served: ServedOrg, held: list[int], stream: SalesforceStream
) -> None:
    """OP-07."""
    served.refresh()
    served.network.clock.advance(days=20)
    horizon = (served.now - COMMIT_HORIZON).replace(microsecond=0)
    served.refresh()
    assert 0 < max(held) <= FEW
    now = {row["Id"]: row["SystemModstamp"] for row in served.records(stream).to_pylist()}
    assert {name: row["system_modstamp"] for name, row in served.newest(stream).items() if name in now} == now
    assert served.landing.covered_until(stream.dataset, "nl") == horizon
    assert served.refresh().changed is False


def test_what_was_removed_meanwhile_is_found_with_the_last_of_many_windows(served: ServedOrg, held: list[int]) -> None:
    """SF-34, OP-07."""
    served.refresh()
    ids = some_ids(served, LEAD, 2)
    standing(served, LEAD, Action(hard_delete=ids))
    served.network.clock.advance(days=20)
    served.refresh()
    assert len(held) > len(set(held)) > 1
    assert all(served.newest(LEAD)[name]["is_deleted"] for name in ids)
    assert not set(ids) & set(served.landed_ids(LEAD, alive=True))
