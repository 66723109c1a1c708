"""What a property shows at an instant, as tables ready to be filtered and summed.

A frame has one dictionary-encoded string column a dimension, one int64 column a metric, and `_day` (date32).
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.locales import Locale
from sandbox.company.restatement import visible_sessions, visible_visits
from sandbox.vendors.company import Company
from sandbox.vendors.ga4.catalogue import CLIENT_ID, DIMENSIONS, METRICS, MINUTE, NOT_SET
from sandbox.vendors.memo import Memo

DAY = "_day"
_FIRST_MINUTE, _MINUTES = 7 * 60, 15 * 60  # visits happen between 07:00 and 22:00


class Property:
    """One GA4 property: its locale, and its frames at a given instant."""

    def __init__(self, company: Company, locale: Locale) -> None:
        self.locale = locale
        self._company = company
        self._frames: Memo[tuple[str, datetime], pa.Table] = Memo(2)  # those of a day gone by are let go

    def today(self, now: datetime) -> date:
        """The current day in the property's time zone."""
        return now.astimezone(ZoneInfo(self.locale.time_zone)).date()

    def sessions(self, now: datetime) -> pa.Table:
        """All sessions, by day and session dimensions, with every metric."""
        return self._frames.get(("sessions", now), lambda: self._session_frame(now))

    def visits(self, now: datetime) -> pa.Table:
        """All sessions by minute and client id; those without one are there too, as ``(not set)``."""
        return self._frames.get(("visits", now), lambda: self._visit_frame(now))

    def _session_frame(self, now: datetime) -> pa.Table:
        final = self._company.ga4_sessions(self.locale.property_id)
        table = visible_sessions(final, self.locale.time_zone, now)
        return _frame(table, tuple(METRICS))

    def _visit_frame(self, now: datetime) -> pa.Table:
        final = self._company.ga4_visits(self.locale.property_id)
        raw = visible_visits(final, self.locale.time_zone, now)
        raw = raw.rename_columns([CLIENT_ID if name == "client_id" else name for name in raw.column_names])
        visits = _frame(raw.append_column("sessions", pa.array(np.ones(raw.num_rows, np.int64))), ("sessions",))
        anonymous = _anonymous(self.sessions(now), visits)
        return pa.concat_tables([visits, anonymous.select(visits.column_names)]).unify_dictionaries().combine_chunks()


def _frame(table: pa.Table, metrics: tuple[str, ...]) -> pa.Table:
    days = pc.cast(table["date"], pa.date32())
    columns = {DAY: days, "date": _words(pc.strftime(days, format="%Y%m%d"))}
    columns |= {name: _words(table[name]) for name in DIMENSIONS if name in table.column_names and name != "date"}
    columns |= {name: pc.cast(table[name], pa.int64()) for name in metrics}
    return pa.table(columns).unify_dictionaries().combine_chunks()


def _words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A string column with int32 codes and one dictionary; an absent value reads as Google shows it."""
    filled = pc.fill_null(pc.cast(column, pa.string()), NOT_SET)
    return pc.dictionary_encode(filled)


def _anonymous(sessions: pa.Table, visits: pa.Table) -> pa.Table:
    """The sessions nobody identified: all of them less the identified, in a row a combination of dimensions.

    The company has no minute for these, so each row is given one, always the same.
    """
    keys = [DAY, *(name for name in visits.column_names if name in sessions.column_names and name in DIMENSIONS)]
    taken = visits.select([*keys, "sessions"])
    taken = taken.set_column(len(keys), "sessions", pc.negate(taken["sessions"]))
    both = pa.concat_tables([sessions.select([*keys, "sessions"]), taken]).unify_dictionaries()
    rest = both.group_by(keys, use_threads=False).aggregate([("sessions", "sum")])
    rest = rest.rename_columns([*keys, "sessions"]).filter(pc.greater(pc.field("sessions"), 0))
    minutes = _FIRST_MINUTE + np.arange(rest.num_rows) * 37 % _MINUTES
    clock = pa.array([f"{minute // 60:02d}{minute % 60:02d}" for minute in minutes], pa.string())
    stamps = pc.binary_join_element_wise(pc.cast(rest["date"], pa.string()), pa.chunked_array([clock]), "")
    rest = rest.append_column(MINUTE, _words(stamps))
    return rest.append_column(CLIENT_ID, _words(pa.chunked_array([pa.repeat(pa.scalar(NOT_SET), rest.num_rows)])))


def days_of(frame: pa.Table, first: date, last: date) -> pa.Table:
    """The rows of a span of days, each dictionary cut down to the words these rows use.

    A report costs what its rows cost, and not what the property's whole history does.
    """
    inside = frame.filter((pc.field(DAY) >= pa.scalar(first)) & (pc.field(DAY) <= pa.scalar(last)))
    return pa.table({name: _compact(inside[name].combine_chunks()) for name in inside.column_names})


def _compact(column: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) <= len(column):
        return column
    return pc.dictionary_encode(pc.cast(column, pa.string()))


class Properties:
    """The properties the service account may read, by id."""

    def __init__(self, company: Company) -> None:
        self._by_id = {locale.property_id: Property(company, locale) for locale in company.locales}

    def get(self, property_id: str) -> Property | None:
        """A property, or None when the account has no access to one of that id."""
        return self._by_id.get(property_id)
