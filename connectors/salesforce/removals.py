"""Records that are gone for good: no change tells of them, so they are asked for, and landed as tombstones.

``getDeleted`` lists what left in the last days; now and then every Id is compared as well, for it reaches back fifteen
days at most and forgets what was purged. Field histories are left alone: an org purges old ones, and they happened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from simple_salesforce.format import format_soql

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.landing import Landing
from connectors.salesforce.bulk import iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.extract import BULK_ABOVE_ROWS
from connectors.salesforce.faults import QueryTimeout
from connectors.salesforce.ledger import JobLedger
from connectors.salesforce.rows import parse_csv
from connectors.salesforce.stream_specs import SOURCE, SalesforceStream

REACH = timedelta(days=14)
"""``getDeleted`` reaches back 15 days, less if the bin was emptied; beyond, only comparing every Id tells."""

OVERLAP = timedelta(minutes=15)
CONFIRM_IDS = 200
LARGEST_LOSS = 0.10
FEWEST_LOST = 20
"""More than a tenth of an object (and than this many) does not just vanish: the account lost sight of it."""

TOMBSTONE = pa.scalar(timedelta(microseconds=1), pa.duration("us"))
"""A tombstone is this much younger than the version it ends; Salesforce's own stamps are whole milliseconds, so every
later version, an undelete for one, is younger still."""

_BRIEF = ("id", "system_modstamp", "is_deleted", "_scope", "_load_seq")


@dataclass(frozen=True, slots=True)
class Checked:
    """How far removals are known: through ``getDeleted``, and by comparing every Id. ``visible`` is how many records
    there were then."""

    deleted_until: datetime
    swept_at: datetime
    visible: int | None = None

    def facts(self) -> dict[str, Any]:
        """For a window's metadata."""
        stamps = {"deleted_until": self.deleted_until.isoformat(), "swept_at": self.swept_at.isoformat()}
        return {**stamps, "visible": self.visible}


def checked_before(landing: Landing, stream: SalesforceStream, scopes: Sequence[str]) -> Checked | None:
    """What the windows of these scopes say was checked; the least of them, None where one says nothing."""
    known = []
    for scope in scopes:
        facts = [json.loads(w.metadata) for w in landing.windows(SOURCE, stream.name, scope)]
        mine = [fact for fact in facts if "swept_at" in fact]
        if not mine:
            return None
        latest = max(mine, key=lambda fact: fact["deleted_until"])
        known.append((latest["deleted_until"], max(fact["swept_at"] for fact in mine), latest.get("visible")))
    deleted_until, swept_at, visible = (list(values) for values in zip(*known, strict=True))
    counts = set(visible)
    # Scopes that were not checked together know different counts: then none is the one to compare with.
    return Checked(
        datetime.fromisoformat(min(deleted_until)),
        datetime.fromisoformat(min(swept_at)),
        counts.pop() if len(counts) == 1 else None,
    )


class Removals:
    """Looks for removed records of one stream in some scopes, at the server's ``now``."""

    def __init__(
        self,
        client: SalesforceClient,
        landing: Landing,
        stream: SalesforceStream,
        now: datetime,
        ledger: JobLedger | None,
    ) -> None:
        self._client, self._landing, self._stream = client, landing, stream
        self._now, self._ledger = now, ledger

    def find(self, scopes: Sequence[str], pulled: pa.Table, deleted: int) -> tuple[dict[str, list[pa.Table]], Checked]:
        """Tombstones by scope, and how far that was checked. ``pulled`` rows are about to land: they speak already.
        ``deleted`` records came with this pull, in these rows or before them.

        Raises IncompleteResponse when more went than goes by itself.
        """
        before = checked_before(self._landing, self._stream, scopes)
        listed, covered = self._listed(before)
        visible = self._visible()
        is_sweep = before is None or listed is None or self._now - before.swept_at >= self._sweep_every
        if before and before.visible is not None and visible is not None and listed is not None:
            self._refuse_loss(before.visible - visible - len(listed) - deleted, before.visible)
        if not is_sweep and not listed:
            return {}, Checked(covered, before.swept_at if before else self._now, visible)
        alive = self._alive(scopes, pulled)
        suspects = alive.filter(pc.is_in(alive["id"], value_set=pa.array(sorted(listed or ()), pa.string())))
        if is_sweep:
            suspects = pa.concat_tables([suspects, self._unseen(alive, listed or frozenset())])
        gone = self._confirmed(suspects["id"].unique().to_pylist())
        swept_at = self._now if is_sweep or before is None else before.swept_at
        return self._tombstones(alive, gone), Checked(covered, swept_at, visible)

    def _visible(self) -> int | None:
        """How many records the account sees, the recycle bin's left out; None where counting takes too long."""
        try:
            return self._client.count(f"SELECT COUNT() FROM {self._stream.object_name} WHERE IsDeleted = false")
        except QueryTimeout:
            return None

    @property
    def _sweep_every(self) -> timedelta:
        return timedelta(days=self._client.connection.sweep_days)

    def _listed(self, before: Checked | None) -> tuple[frozenset[str] | None, datetime]:
        """Ids that ``getDeleted`` lists since the last time (None: it cannot reach so far), and until when it does."""
        if before is None or self._now - before.deleted_until > REACH:
            return None, self._now
        try:
            answer = self._client.deletions(self._stream.object_name, before.deleted_until - OVERLAP, self._now)
        except (
            ConfigurationError
        ):  # too far back for this org, too many Ids, or not allowed: comparing Ids always works
            return None, self._now
        return frozenset(answer.ids), min(answer.covered_until, self._now)

    def _alive(self, scopes: Sequence[str], pulled: pa.Table) -> pa.Table:
        """The newest landed version of each record that is neither deleted nor among ``pulled``."""
        landed = self._landing.read(self._stream.dataset, columns=_BRIEF)
        mine = landed.filter(pc.is_in(landed["_scope"], value_set=pa.array(scopes, pa.string())))
        ordered = mine.sort_by([("id", "ascending"), ("system_modstamp", "ascending"), ("_load_seq", "ascending")])
        ids = ordered["id"].combine_chunks()
        is_newest = pa.array([True] * len(ids))
        if len(ids) > 1:
            is_newest = pa.concat_arrays([pc.not_equal(ids[1:], ids[:-1]), pa.array([True])])
        newest = ordered.filter(is_newest)
        return newest.filter(
            pc.and_not(pc.invert(newest["is_deleted"]), pc.is_in(newest["id"], value_set=pulled["id"].combine_chunks()))
        )

    def _unseen(self, alive: pa.Table, listed: frozenset[str]) -> pa.Table:
        """Those whose Id the org no longer shows."""
        known = pa.array(list(self._all_ids()), pa.string())
        unseen = alive.filter(pc.invert(pc.is_in(alive["id"], value_set=known)))
        self._refuse_loss(len(unseen) - sum(name in listed for name in unseen["id"].to_pylist()), len(alive))
        return unseen

    def _refuse_loss(self, unexplained: int, of: int) -> None:
        if unexplained > max(FEWEST_LOST, LARGEST_LOSS * of):
            raise IncompleteResponse(
                f"{unexplained} of {of} records of {self._stream.object_name} cannot be seen any more",
                source=SOURCE,
                scope=self._client.connection.name,
                stream=self._stream.name,
                next_step="Check the integration user's sharing and permissions; nothing was marked as deleted.",
            )

    def _all_ids(self) -> Iterable[str]:
        object_name = self._stream.object_name
        query = f"SELECT Id FROM {object_name}"
        if self._client.count(f"SELECT COUNT() FROM {object_name}") <= BULK_ABOVE_ROWS:
            for records in self._client.iter_records(query):
                yield from (str(record["Id"]) for record in records)
            return
        for page in iter_csv_pages(self._client, object_name, query, self._ledger):
            yield from parse_csv(page.content, page.rows, {"Id": "id"})["Id"].to_pylist()

    def _confirmed(self, ids: Sequence[str]) -> list[str]:
        """Those that even the recycle bin no longer has; the others come, or came, as changes."""
        gone: list[str] = []
        for start in range(0, len(ids), CONFIRM_IDS):
            some = list(ids[start : start + CONFIRM_IDS])
            query = format_soql(f"SELECT Id FROM {self._stream.object_name} WHERE Id IN {{}}", some)
            there = {record["Id"] for records in self._client.iter_records(query) for record in records}
            gone += [name for name in some if name not in there]
        return gone

    def _tombstones(self, alive: pa.Table, ids: Sequence[str]) -> dict[str, list[pa.Table]]:
        """The newest version of each, once more, now deleted."""
        brief = alive.filter(pc.is_in(alive["id"], value_set=pa.array(ids, pa.string())))
        return {
            scope: [self._ended(scope, brief.filter(pc.equal(brief["_scope"], scope)))]
            for scope in brief["_scope"].unique().to_pylist()
        }

    def _ended(self, scope: str, brief: pa.Table) -> pa.Table:
        few = self._landing.read_records(self._stream.dataset, scope, brief["id"].combine_chunks())
        last: Mapping[Any, Any] = dict(zip(brief["id"].to_pylist(), brief["system_modstamp"].to_pylist(), strict=True))
        stamps = zip(few["id"].to_pylist(), few["system_modstamp"].to_pylist(), strict=True)
        few = few.filter(pa.array([last[name] == stamp for name, stamp in stamps], pa.bool_()))
        few = few.select(self._stream.dataset.schema.names)
        return _set(
            _set(few, "is_deleted", pa.repeat(pa.scalar(True), len(few))),
            "system_modstamp",
            pc.add(few["system_modstamp"], TOMBSTONE),
        )


def _set(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.column_names.index(name), table.schema.field(name), values)
