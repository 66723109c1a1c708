"""Rows of field histories: which are taken, and their values in one form, whichever API brought them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from connectors.salesforce.stream_specs import arrow_type

_OWNER_ID = r"^(005|00G)[0-9A-Za-z]{12}([0-9A-Za-z]{3})?$"
"""Of a change of owner there are two rows, one with the Ids of users or queues and one with their names."""


def told(rows: pa.Table) -> pa.Table:
    """Without the fields that are not taken, and without the names of people; amounts with four decimals, as amounts
    land elsewhere (JSON has them as numbers, CSV as text, with as many zeros as it likes)."""
    rows = rows.filter(pc.is_valid(rows["field"]))
    is_owner = pc.equal(rows["field"], "owner")
    for name in ("old_value", "new_value"):
        is_named = pc.invert(pc.fill_null(pc.match_substring_regex(rows[name], _OWNER_ID), True))
        rows = rows.filter(pc.invert(pc.and_(is_owner, is_named)))
        is_owner = pc.equal(rows["field"], "owner")
    is_amount = pc.equal(rows["field"], "amount")
    if not pc.any(is_amount).as_py():
        return rows
    for name in ("old_value", "new_value"):
        amounts = pc.if_else(is_amount, rows[name], pa.scalar(None, pa.string()))
        exact = amounts.cast(arrow_type("money")).cast(pa.string())
        rows = rows.set_column(rows.column_names.index(name), name, pc.if_else(is_amount, exact, rows[name]))
    return rows
