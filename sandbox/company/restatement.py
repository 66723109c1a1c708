"""What GA4 shows of a day while that day is young. The vendor server and the truth both use this one place.

The age of a day is the number of whole local days between it and the property's current local day:

| age | sessions report | client-id report |
|---|---|---|
| below 0 | nothing | nothing |
| 0 (today) | every count × 0.3 | visits up to the current local minute, late ones missing |
| 1 | every count × 0.9; rows with `provisional_campaign` show `(not set)` as campaign | late visits missing |
| 2 | every count × 0.98; of those rows only the ones with an even number of sessions show `(not set)` | all |
| 3 and more | final | final |

Users, events, pages and advertising costs are scaled like sessions, and their dimensions do not change.

Counts are scaled in whole numbers, rounded half up; a row whose sessions round to nothing is not there. Rows that
become equal once their campaign is hidden are summed, because a report never repeats a tuple of dimensions. So a tuple
shown at age 1 can be gone at age 3.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SESSION_DIMENSIONS = (
    "date",
    "hostName",
    "landingPage",
    "sessionDefaultChannelGroup",
    "sessionSource",
    "sessionMedium",
    "sessionCampaignName",
)
SESSION_METRICS = ("sessions", "engagedSessions", "userEngagementDuration", "screenPageViews", "keyEvents")
FINAL_AGE = 3
_PERCENT_AT_AGE = np.array([30, 90, 98, 100], dtype=np.int64)


def _ages(table: pa.Table, time_zone: str, now: datetime) -> NDArray[np.int64]:
    today = np.datetime64(now.astimezone(ZoneInfo(time_zone)).date(), "D").astype(np.int64)
    days = table["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    ages: NDArray[np.int64] = today - days
    return ages


def _aggregated(table: pa.Table) -> pa.Table:
    """One row a tuple of dimensions, counts summed, columns and types as they were."""
    sums = [(metric, "sum") for metric in SESSION_METRICS]
    grouped = table.group_by(list(SESSION_DIMENSIONS), use_threads=False).aggregate(sums)
    named = grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names])
    return named.select(table.column_names).cast(table.schema)


def visible_sessions(table: pa.Table, property_time_zone: str, now: datetime) -> pa.Table:
    """The rows of a sessions table (as `Company.ga4_sessions` gives it) that a report shows at `now`.

    Returns the same columns without `provisional_campaign`, ordered by date; `now` must be aware.
    """
    ages = _ages(table, property_time_zone, now)
    shown = table.drop_columns(["provisional_campaign"])
    final = shown.filter(pa.array(ages >= FINAL_AGE))
    is_young = (ages >= 0) & (ages < FINAL_AGE)
    young = shown.filter(pa.array(is_young))
    if young.num_rows == 0:
        return final
    age, flagged = ages[is_young], table["provisional_campaign"].to_numpy()[is_young]
    is_hidden = flagged & ((age == 1) | ((age == 2) & (young["sessions"].to_numpy() % 2 == 0)))
    campaign = pc.if_else(pa.array(is_hidden), "(not set)", young["sessionCampaignName"].cast(pa.string()))
    columns = {name: young[name] for name in young.column_names}
    columns["sessionCampaignName"] = campaign.combine_chunks().dictionary_encode()
    for metric in SESSION_METRICS:
        columns[metric] = pa.array((young[metric].to_numpy() * _PERCENT_AT_AGE[age] + 50) // 100)
    scaled = pa.table(columns).cast(final.schema)
    scaled = _aggregated(scaled.filter(pc.greater(scaled["sessions"], 0)))
    return pa.concat_tables([final, scaled.sort_by("date")]).unify_dictionaries()


def visible_visits(table: pa.Table, property_time_zone: str, now: datetime) -> pa.Table:
    """The rows of a visits table (as `Company.ga4_visits` gives it) that a report shows at `now`, without `late`."""
    ages = _ages(table, property_time_zone, now)
    minute = now.astimezone(ZoneInfo(property_time_zone)).strftime("%Y%m%d%H%M")
    is_past = pc.less_equal(table["dateHourMinute"], minute).to_numpy()
    is_reported = ~table["late"].to_numpy() | (ages >= 2)
    return table.drop_columns(["late"]).filter(pa.array(is_past & is_reported & (ages >= 0)))


def visible_counts(table: pa.Table, metrics: tuple[str, ...], property_time_zone: str, now: datetime) -> pa.Table:
    """The rows of a table of counts by day, sorted by date, that a report shows at `now`; same columns and order.

    A row whose first metric rounds to nothing is not there.
    """
    ages = _ages(table, property_time_zone, now)
    shown = table.filter(pa.array(ages >= 0))
    percent = _PERCENT_AT_AGE[np.minimum(ages[ages >= 0], FINAL_AGE)]
    for name in metrics:
        scaled = (shown[name].to_numpy() * percent + 50) // 100
        shown = shown.set_column(shown.column_names.index(name), name, pa.array(scaled, pa.int64()))
    return shown.filter(pc.greater(shown[metrics[0]], 0))
