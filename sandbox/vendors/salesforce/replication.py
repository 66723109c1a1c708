"""getDeleted and getUpdated: what left and what changed between two instants.

Rules: at most 15 days back, seconds ignored, ``latestDateCovered`` is where the next call starts.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.errors import SalesforceError, malformed
from sandbox.vendors.salesforce.objects import ObjectSpec

REACH = timedelta(days=15)


def deleted(data: OrgData, spec: ObjectSpec, start: str, end: str, now: datetime) -> dict[str, Any]:
    """``GET …/deleted``: records that went to the recycle bin or were purged in [start, end)."""
    first, last = _span(spec, start, end, now)
    latest = data.latest(spec.name, now)
    gone = latest["is_purged"]
    if "IsDeleted" in latest.column_names:
        gone = pc.or_(gone, latest["IsDeleted"])
    rows = _between(latest.filter(gone), "commit_at", first, last)
    records = [
        {"id": record_id, "deletedDate": _stamp(at)}
        for record_id, at in zip(rows["Id"].to_pylist(), rows["commit_at"].to_pylist(), strict=True)
    ]
    return {
        "deletedRecords": records,
        "earliestDateAvailable": _stamp(now - REACH),
        "latestDateCovered": _stamp(last),
    }


def updated(data: OrgData, spec: ObjectSpec, start: str, end: str, now: datetime) -> dict[str, Any]:
    """``GET …/updated``: ids of existing records created or changed in [start, end)."""
    first, last = _span(spec, start, end, now)
    table = data.current(spec.name, now)
    if "IsDeleted" in table.column_names:
        table = table.filter(pc.invert(table["IsDeleted"]))
    rows = _between(table, "SystemModstamp", first, last)
    return {"ids": rows["Id"].to_pylist(), "latestDateCovered": _stamp(last)}


def _span(spec: ObjectSpec, start: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    if not spec.is_replicateable:
        raise SalesforceError("INVALID_TYPE_FOR_OPERATION", f"{spec.name} does not support replication")
    try:
        first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
        first, last = (at.astimezone(UTC).replace(second=0, microsecond=0) for at in (first, last))
    except ValueError as error:
        raise malformed(f"{start} or {end} is not a dateTime") from error
    if first >= last:
        raise SalesforceError("INVALID_REPLICATION_DATE", "endDate must be at least one minute after startDate")
    if first < now - REACH:
        raise SalesforceError("INVALID_REPLICATION_DATE", "startDate before org replication enabled date")
    return first, min(last, now)


def _between(table: pa.Table, column: str, first: datetime, last: datetime) -> pa.Table:
    kind = table[column].type
    after = pc.greater_equal(table[column], pa.scalar(first, kind))
    return table.filter(pc.and_(after, pc.less(table[column], pa.scalar(last, kind))))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
