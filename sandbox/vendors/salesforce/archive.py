"""Old activities, which an org keeps out of sight.

Object Reference, Task and Event: activities more than a year old are archived; query() leaves them out, queryAll()
does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

AFTER = timedelta(days=365)


def is_archived(activities: pa.Table, now: datetime) -> pa.ChunkedArray:
    """Which rows of Task or Event are archived: over for a year, and no task that is still to be done."""
    is_old = pc.less(activities["ActivityDate"], pa.scalar((now - AFTER).date(), pa.date32()))
    if "IsClosed" in activities.column_names:
        is_old = pc.and_(is_old, activities["IsClosed"])
    return pc.fill_null(is_old, False)
