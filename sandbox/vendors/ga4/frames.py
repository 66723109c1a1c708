"""What a property shows at an instant, as tables ready to be filtered and summed.

A frame has one dictionary-encoded string column a dimension, one int64 column a metric, and `_day` (date32). The one
of users also has `_previous`: the day of these users' visit before this one, null for those who had none.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.locales import Locale
from sandbox.company.restatement import visible_counts, visible_sessions, visible_visits
from sandbox.vendors.company import Company
from sandbox.vendors.ga4.catalogue import CLIENT_ID, COST, DIMENSIONS, METRICS, MINUTE, MONTH, NOT_SET, WEEK
from sandbox.vendors.memo import Memo

DAY, PREVIOUS = "_day", "_previous"
_FIRST_MINUTE, _MINUTES = 7 * 60, 15 * 60  # visits happen between 07:00 and 22:00


class Property:
    """One GA4 property: its locale, and its frames at a given instant."""

    def __init__(self, company: Company, locale: Locale) -> None:
        self.locale = locale
        self._company = company
        self._frames: Memo[tuple[str, datetime], pa.Table] = Memo(8)  # those of a day gone by are let go

    def today(self, now: datetime) -> date:
        """The current day in the property's time zone."""
        return now.astimezone(ZoneInfo(self.locale.time_zone)).date()

    def frame(self, subject: str, now: datetime) -> pa.Table:
        """All a property shows of a subject of the catalogue."""
        makers = {
            "sessions": self._session_frame,
            "visits": self._visit_frame,
            "users": self._user_frame,
            "events": self._event_frame,
            "content": self._content_frame,
            "ads": self._ad_frame,
            "exposures": self._exposure_frame,
            "visitor_events": self._visitor_event_frame,
        }
        return self._frames.get((subject, now), lambda: makers[subject](now))

    def _session_frame(self, now: datetime) -> pa.Table:
        final = self._company.ga4_sessions(self.locale.property_id)
        table = visible_sessions(final, self.locale.time_zone, now)
        return _frame(table)

    def _visit_frame(self, now: datetime) -> pa.Table:
        final = self._company.ga4_visits(self.locale.property_id)
        raw = visible_visits(final, self.locale.time_zone, now)
        raw = raw.rename_columns([CLIENT_ID if name == "client_id" else name for name in raw.column_names])
        visits = _frame(raw.append_column("sessions", pa.array(np.ones(raw.num_rows, np.int64))))
        anonymous = _anonymous(self.frame("sessions", now), visits)
        return pa.concat_tables([visits, anonymous.select(visits.column_names)]).unify_dictionaries().combine_chunks()

    def _user_frame(self, now: datetime) -> pa.Table:
        shown = self._counts(self._company.ga4_users(self.locale.property_id), ("totalUsers", "activeUsers"), now)
        days = pc.cast(shown["date"], pa.date32())
        is_new = pc.equal(shown["gap"], 0)
        previous = pc.subtract(pc.cast(days, pa.int32()), pc.cast(shown["gap"], pa.int32()))
        frame = _frame(shown)
        new = pc.if_else(is_new, shown["totalUsers"], pa.scalar(0, pa.int64())).combine_chunks()
        for name, column in (
            (WEEK, _words(pc.strftime(days, format="%G%V")).combine_chunks()),
            (MONTH, _words(pc.strftime(days, format="%Y%m")).combine_chunks()),
            ("newUsers", new),
            (PREVIOUS, pc.if_else(is_new, pa.scalar(None, pa.int32()), previous).combine_chunks()),
        ):
            frame = frame.append_column(name, column)
        return frame

    def _event_frame(self, now: datetime) -> pa.Table:
        shown = self._counts(self._company.ga4_key_events(self.locale.property_id), ("eventCount", "keyEvents"), now)
        return _frame(shown)

    def _content_frame(self, now: datetime) -> pa.Table:
        metrics = ("screenPageViews", "userEngagementDuration", "keyEvents")
        return _frame(self._counts(self._company.ga4_content(self.locale.property_id), metrics, now))

    def _ad_frame(self, now: datetime) -> pa.Table:
        metrics = ("advertiserAdImpressions", "advertiserAdClicks", COST)
        return _frame(self._counts(self._company.ga4_ads(self.locale.property_id), metrics, now))

    def _exposure_frame(self, now: datetime) -> pa.Table:
        return self._of_visitors(self._company.ga4_exposures(self.locale.property_id), now)

    def _visitor_event_frame(self, now: datetime) -> pa.Table:
        return self._of_visitors(self._company.ga4_visitor_events(self.locale.property_id), now)

    def _of_visitors(self, final: pa.Table, now: datetime) -> pa.Table:
        raw = visible_visits(final, self.locale.time_zone, now)
        return _frame(raw.rename_columns([CLIENT_ID if name == "client_id" else name for name in raw.column_names]))

    def _counts(self, final: pa.Table, metrics: tuple[str, ...], now: datetime) -> pa.Table:
        return visible_counts(final, metrics, self.locale.time_zone, now)


def _frame(table: pa.Table) -> pa.Table:
    metrics = [name for name in table.column_names if name in METRICS]
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


def counted_once(frame: pa.Table, first: date, dimensions: tuple[str, ...]) -> pa.Table:
    """Of the users in a span of days from ``first`` on, each once in what is asked for: a day, a week, or all of it.

    Users count where their previous visit lies before; other frames stay as they are. When several spans of time are
    asked for at once, the shortest decides.
    """
    if PREVIOUS not in frame.column_names:
        return frame
    days = frame[DAY].combine_chunks()
    start = pc.cast(pa.scalar(first), pa.int32())
    for name, unit in ((MONTH, "month"), (WEEK, "week"), ("date", "day")):
        if name in dimensions:
            floor = pc.cast(pc.floor_temporal(days, unit=unit, week_starts_monday=True), pa.date32())
            start = pc.max_element_wise(pc.cast(floor, pa.int32()), pc.cast(pa.scalar(first), pa.int32()))
    return frame.filter(pc.fill_null(pc.less(frame[PREVIOUS], start), True))


def _compact(column: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type) or len(column.dictionary) <= len(column):
        return column
    return pc.dictionary_encode(pc.cast(column, pa.string()))


class Properties:
    """The properties the service account may read, by id."""

    def __init__(self, company: Company) -> None:
        locales = (*company.locales, company.rollup)
        self._by_id = {locale.property_id: Property(company, locale) for locale in locales}

    def get(self, property_id: str) -> Property | None:
        """A property, or None when the account has no access to one of that id."""
        return self._by_id.get(property_id)
