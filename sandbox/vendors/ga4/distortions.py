"""GA4 faults that change rows: what a property knows (frames), what a report shows of it, what one page carries."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.faults import Action
from sandbox.vendors.ga4.catalogue import METRICS
from sandbox.vendors.ga4.frames import DAY
from sandbox.vendors.ga4.report import Shape
from sandbox.vendors.rows import moved

OTHER, TOTAL = "(other)", "RESERVED_TOTAL"
_KNOWLEDGE = ("restate_day", "rename_tuple", "remove_tuple", "truncation")
_DISPLAY = ("restricted_metric", "other_row", "thresholded", "sampled")


def knowledge_of(action: Action) -> Action:
    """The part of a fault that changes what a property knows."""
    return Action(**{name: getattr(action, name) for name in _KNOWLEDGE})


def display_of(action: Action) -> Action:
    """The part of a fault that changes what a report shows of it, on all its pages."""
    return Action(**{name: getattr(action, name) for name in _DISPLAY})


def frame_under(frame: pa.Table, action: Action) -> pa.Table:
    """What a property knows once a day was restated, tuples were renamed or removed, and old days have gone."""
    if action.truncation is not None:
        frame = frame.filter(pc.field(DAY) >= pa.scalar(date.fromisoformat(action.truncation.date)))
    if action.remove_tuple is not None:
        remove = action.remove_tuple
        gone = _on(frame, remove.day)
        if remove.dimension is not None:
            gone = pc.and_(gone, pc.equal(_words(frame, remove.dimension), remove.value or ""))
        frame = frame.filter(pc.invert(gone))
    if action.rename_tuple is not None:
        rename = action.rename_tuple
        words = _words(frame, rename.dimension)
        hit = pc.and_(_on(frame, rename.day), pc.equal(words, rename.old))
        frame = _replaced(frame, rename.dimension, pc.dictionary_encode(pc.if_else(hit, rename.new, words)))
    if action.restate_day is not None:
        restate = action.restate_day
        hit = _on(frame, restate.day)
        for name in METRICS.keys() & set(frame.column_names):
            counts = frame[name].combine_chunks()
            frame = _replaced(frame, name, pc.if_else(hit, _percent(counts, restate.percent), counts))
    return frame.combine_chunks()


def report_under(table: pa.Table, shape: Shape, action: Action) -> pa.Table:
    """A report whose small rows are withheld or rolled up, whose numbers are estimates, or whose metric is barred."""
    if action.thresholded and "sessions" in shape.metrics:
        table = table.filter(pc.field("sessions") >= action.thresholded)
    if action.other_row and shape.dimensions:
        table = _rolled_up(table, shape, action.other_row)
    for name in shape.metrics:
        if name == action.restricted_metric:
            table = _replaced(table, name, pa.array(np.zeros(table.num_rows, np.int64)))
        elif action.sampled:
            read = pc.divide(pc.multiply(table[name], action.sampled), 100)
            table = _replaced(table, name, pc.divide(pc.multiply(read, 100), action.sampled))
    return table.combine_chunks()


def page_under(page: pa.Table, shape: Shape, action: Action) -> pa.Table:
    """A page that lacks rows, has some twice, in another order, or rows and numbers that do not belong there."""
    places = moved(page.num_rows, action)
    if places is not None:
        page = page.take(pa.array(places))
    if action.reserved_total and page.num_rows:
        page = _with_total(page, shape)
    if action.odd_number is not None and page.num_rows and shape.metrics:
        page = _with_odd_number(page, shape.metrics[0], action.odd_number)
    return page


def warn(metadata: Any, action: Action) -> None:
    """Say in a response's metadata what was done to it."""
    metadata.time_zone = action.switch_time_zone or metadata.time_zone
    metadata.currency_code = action.switch_currency or metadata.currency_code
    if action.other_row:
        metadata.data_loss_from_other_row = True
    if action.thresholded:
        metadata.subject_to_thresholding = True
    if action.sampled:
        sample = metadata.sampling_metadatas.add()
        sample.samples_read_count, sample.sampling_space_size = action.sampled * 10_000, 1_000_000
    if action.restricted_metric:
        restriction = metadata.schema_restriction_response.active_metric_restrictions.add()
        restriction.metric_name = action.restricted_metric
        restriction.restricted_metric_types.append(2)  # REVENUE_DATA
    if action.truncation is not None:
        _warn_of_truncation(metadata, action)


def _warn_of_truncation(metadata: Any, action: Action) -> None:
    truncation = action.truncation
    if truncation is None:
        return
    reason = metadata.data_truncation_reasons.add()
    field = reason.DESCRIPTOR.fields_by_name["data_truncation_type"]
    reason.data_truncation_type = field.enum_type.values_by_name[truncation.type].number
    reason.data_truncation_message = f"Data before {truncation.date} is not available."
    reason.data_truncation_date = truncation.date


def _on(frame: pa.Table, day: str | None) -> pa.Array:
    if day is None:
        return pa.array(np.ones(frame.num_rows, bool))
    return pc.equal(frame[DAY], pa.scalar(date.fromisoformat(day))).combine_chunks()


def _words(frame: pa.Table, dimension: str) -> pa.Array:
    if dimension not in frame.column_names:  # the other report of the two
        return pa.nulls(frame.num_rows, pa.string()).fill_null("")
    return pc.cast(frame[dimension].combine_chunks(), pa.string())


def _replaced(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    if name not in table.column_names:
        return table
    return table.set_column(table.column_names.index(name), name, values)


def _percent(counts: pa.Array, percent: int) -> pa.Array:
    return pc.divide(pc.add(pc.multiply(counts, percent), 50), 100)


def _rolled_up(table: pa.Table, shape: Shape, kept: int) -> pa.Table:
    """The rows with the most sessions of each day as they are; the others become one ``(other)`` a day."""
    days = table["date"].combine_chunks().indices.to_numpy() if "date" in shape.dimensions else None
    days = np.zeros(table.num_rows, np.int64) if days is None else days
    order = np.lexsort((-table[shape.metrics[0]].to_numpy(), days))
    is_start = np.append(True, days[order][1:] != days[order][:-1])
    ranks = np.arange(len(order)) - np.maximum.accumulate(np.where(is_start, np.arange(len(order)), 0))
    is_lost = np.zeros(table.num_rows, bool)
    is_lost[order[ranks >= kept]] = True
    for name in shape.dimensions:
        if name != "date":
            words = pc.if_else(pa.array(is_lost), OTHER, _words(table, name))
            table = _replaced(table, name, pc.dictionary_encode(words))
    columns = table.column_names
    sums = [(name, "sum") for name in shape.metrics]
    summed = table.group_by(list(shape.columns), use_threads=False).aggregate(sums)
    return summed.rename_columns([name.removesuffix("_sum") for name in summed.column_names]).select(columns)


def _with_odd_number(page: pa.Table, metric: str, text: str) -> pa.Table:
    words = pc.cast(page[metric], pa.string()).to_pylist()
    return _replaced(page, metric, pa.array([text, *words[1:]]))


def _with_total(page: pa.Table, shape: Shape) -> pa.Table:
    """One row more that is the sum of all, as if aggregations had been asked for and came among the rows."""
    columns = {name: [TOTAL] for name in shape.columns}
    total = pa.table(
        {
            **{name: pc.dictionary_encode(pa.array(words)) for name, words in columns.items()},
            **{name: pa.array([pc.sum(page[name]).as_py()], page[name].type) for name in shape.metrics},
        }
    )
    return pa.concat_tables([page, total.select(page.column_names)]).unify_dictionaries().combine_chunks()
