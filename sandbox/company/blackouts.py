"""What incidents do to the web's reports of a property."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sandbox.company.advertising import COST
from sandbox.company.incidents import Incident, of
from sandbox.company.instants import day_number
from sandbox.company.locales import Locale
from sandbox.company.restatement import SESSION_METRICS

Tables = dict[str, pa.Table]

_CENT = 10_000
_CLICKS = ("advertiserAdClicks", "advertiserAdImpressions")


def strike(tables: Tables, locale: Locale, incidents: Sequence[Incident], seed: int) -> Tables:
    """The reports as the market's incidents leave them."""
    struck = dict(tables)
    for one in of(incidents, locale, "tracking_breaks", "bots_come"):
        rng = np.random.default_rng([seed, int(locale.property_id), 90, day_number(one.first)])
        _break_tracking(struck, one, rng) if one.kind == "tracking_breaks" else _bring_bots(struck, one)
    for one in of(incidents, locale, "form_dies"):
        table = struck["key-events"]
        is_lead = _is_hit(table, one) & (table["eventName"].to_numpy(zero_copy_only=False) == "generate_lead")
        struck["key-events"] = table.filter(pa.array(~is_lead))
    for one in of(incidents, locale, "spend_jumps", "spend_stops", "campaign_is_uncoded"):
        struck["ads"] = _spend_otherwise(struck["ads"], one)
    for one in of(incidents, locale, "campaign_buys_bad_leads"):
        struck["visits"] = _credit(struck["visits"], one)
    return struck


def _is_hit(table: pa.Table, incident: Incident) -> NDArray[np.bool_]:
    days = table["date"].cast(pa.int32()).to_numpy()
    hit: NDArray[np.bool_] = (days >= day_number(incident.first)) & (days <= day_number(incident.last))
    return hit


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def _break_tracking(tables: Tables, incident: Incident, rng: np.random.Generator) -> None:
    """A part of what happens is not seen; a row of which nothing is seen is not there."""
    for name, metrics in (("sessions", SESSION_METRICS), ("key-events", ("eventCount", "keyEvents"))):
        table, hit = tables[name], _is_hit(tables[name], incident)
        for metric in metrics:
            values = table[metric].to_numpy()
            table = _with(table, metric, pa.array(np.where(hit, rng.binomial(values, 1 - incident.strength), values)))
        tables[name] = table.filter(pc.greater(table[metrics[0]], 0))


def _bring_bots(tables: Tables, incident: Incident) -> None:
    """Sessions that nobody has."""
    table = tables["sessions"]
    values, hit = table["sessions"].to_numpy(), _is_hit(table, incident)
    more = np.where(hit, np.rint(values * (1 + incident.strength)).astype(np.int64), values)
    tables["sessions"] = _with(table, "sessions", pa.array(more))


def _spend_otherwise(table: pa.Table, incident: Incident) -> pa.Table:
    hit = _is_hit(table, incident)
    if incident.kind == "spend_stops":
        return table.filter(pa.array(~hit))
    if incident.kind == "spend_jumps":
        cost = table[COST].to_numpy()
        more = np.rint(cost * (1 + incident.strength) / _CENT).astype(np.int64) * _CENT
        return _with(table, COST, pa.array(np.where(hit, more, cost)))
    # All campaigns of the dearest media are renamed, until their part of the days' cost is large enough.
    names, cost = table["sessionCampaignName"].to_numpy(zero_copy_only=False), table[COST].to_numpy()
    media = table["sessionMedium"].to_numpy(zero_copy_only=False)
    found, place = np.unique(media[hit], return_inverse=True)
    parts = np.bincount(place, cost[hit], len(found)) / max(cost[hit].sum(), 1)
    order = np.argsort(parts)[::-1]
    chosen = found[order[: int(np.searchsorted(np.cumsum(parts[order]), incident.strength)) + 1]]
    renamed = np.where(hit & np.isin(media, chosen), incident.campaign, names)
    return _summed(_with(table, "sessionCampaignName", pa.array(renamed.tolist(), pa.string())))


def _summed(table: pa.Table) -> pa.Table:
    """A report does not repeat a tuple of dimensions."""
    keys = ["date", "sessionSource", "sessionMedium", "sessionCampaignName"]
    sums = table.group_by(keys, use_threads=False).aggregate([(name, "sum") for name in (COST, *_CLICKS)])
    named = sums.rename_columns([name.removesuffix("_sum") for name in sums.column_names])
    return named.select(table.column_names).cast(table.schema).sort_by([(key, "ascending") for key in keys])


def _credit(visits: pa.Table, incident: Incident) -> pa.Table:
    """The visits of bad leads came from the campaign that bought them."""
    suffix = f".{day_number(incident.first) * 86_400}"
    numbers = pc.utf8_length(visits["client_id"])
    is_bad = pc.and_(pc.ends_with(visits["client_id"], suffix), pc.equal(numbers, 8 + len(suffix)))
    given = {
        "sessionDefaultChannelGroup": "Paid Social", "sessionSource": "linkedin", "sessionMedium": "paid-social",
        "sessionCampaignName": incident.campaign,
    }  # fmt: skip
    for name, value in given.items():
        column = pc.if_else(is_bad, value, pc.cast(visits[name], pa.string()))
        visits = _with(visits, name, column.combine_chunks().dictionary_encode().cast(visits.schema.field(name).type))
    return visits
