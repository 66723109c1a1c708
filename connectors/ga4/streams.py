"""The reports we take, frozen: adding a metric to a report can change its other numbers, so a change is a new version.

Users are counted once in whatever is asked for, so days do not add up to weeks: each grain they are published at is a
report of its own. All other metrics add up. No ``currencyCode``: money stays in the property's own currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import pyarrow as pa

from connectors.landing.dataset import Dataset
from connectors.periods import Grain, Period, periods_of
from connectors.windows import contiguous_ranges, days_between, month_of

SOURCE = "ga4"
NOT_SET = "(not set)"
VISITOR_DIMENSION = "customUser:client_id"

RANGE = "dateRange"

Kind = Literal["date", "week", "month", "range", "text", "path", "visitor", "integer", "number", "money"]

_ARROW: dict[Kind, pa.DataType] = {
    "date": pa.date32(),
    "week": pa.date32(),
    "month": pa.date32(),
    "range": pa.date32(),
    "text": pa.string(),
    "path": pa.string(),
    "visitor": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(18, 6),
}
_FIRST_KIND: dict[Grain, Kind] = {"day": "date", "week": "week", "month": "month", "quarter": "range"}


@dataclass(frozen=True, slots=True)
class Column:
    """An API name, the landed name, and how the text becomes a value (path: query stripped; visitor: HMACed; week and
    month: their first day). A ``range`` is no dimension of the API's: its value is the first day that was asked for."""

    api_name: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class GA4Stream:
    """One report. ``exclude`` drops rows of a dimension's value at the source (dimension, value).

    ``grain`` is the period of a row and of a window; periods are fetched and replaced whole. A file holds those that
    begin in one month or year (``segment``): the fewer rows, the longer, since a request is made a file. ``only`` are
    the first and last days of spans outside which a report is not asked for; empty: it always is.
    """

    name: str
    dimensions: tuple[Column, ...]
    metrics: tuple[Column, ...]
    exclude: tuple[tuple[str, str], ...] = ()
    version: int = 1
    grain: Grain = "day"
    segment: Literal["month", "year"] = "month"
    only: tuple[tuple[date, date], ...] = ()

    def __post_init__(self) -> None:
        if len(self.dimensions) > 9 or len(self.metrics) > 10:
            raise ValueError(f"{self.name}: the API allows 9 dimensions and 10 metrics")
        if self.dimensions[0].kind != _FIRST_KIND[self.grain]:
            raise ValueError(f"{self.name}: the first dimension must be the {_FIRST_KIND[self.grain]}")

    @property
    def definition(self) -> str:
        """``sessions@1``: every window says by which definition its numbers came about."""
        return f"{self.name}@{self.version}"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Dimensions, then metrics."""
        return self.dimensions + self.metrics

    @property
    def asked_dimensions(self) -> tuple[Column, ...]:
        """The dimensions that are asked for, which the answer must have."""
        return tuple(column for column in self.dimensions if column.kind != "range")

    def periods(self, days: tuple[date, date]) -> tuple[Period, ...]:
        """The periods that the days from first to last are in: the windows of an answer about whole periods."""
        return periods_of(days_between(*days), self.grain)

    def ranges(self, days: Iterable[date]) -> tuple[tuple[date, date], ...]:
        """What to ask for days, which are whole periods: each run of them, or where a row is a range each period."""
        ranges = contiguous_ranges(days)
        return tuple(p for each in ranges for p in self.periods(each)) if self.grain == "quarter" else ranges

    def segment_of(self, period: Period) -> str:
        """The name of the file a period is in: ``2026-03``, or ``2026``."""
        return month_of(period[0]) if self.segment == "month" else f"{period[0].year:04d}"

    def wanted(self, days: Iterable[date]) -> list[date]:
        """Of these days, the ones the report is asked for."""
        return [day for day in days if not self.only or any(first <= day <= last for first, last in self.only)]

    def asking_for(self, own_names: Mapping[str, str]) -> GA4Stream:
        """The same report, with the property's own names of custom dimensions in place of ours."""
        dimensions = tuple(
            replace(column, api_name=own_names.get(column.api_name, column.api_name)) for column in self.dimensions
        )
        return replace(
            self,
            dimensions=dimensions,
            exclude=tuple((own_names.get(name, name), value) for name, value in self.exclude),
        )

    @property
    def dataset(self) -> Dataset:
        """Where it lands."""
        schema = pa.schema([pa.field(column.name, _ARROW[column.kind]) for column in self.columns])
        return Dataset(SOURCE, self.name, schema, "series", self.dimensions[0].name)


_DATE = Column("date", "date", "date")
_SESSION = (
    Column("sessionDefaultChannelGroup", "session_default_channel_group", "text"),
    Column("sessionSource", "session_source", "text"),
    Column("sessionMedium", "session_medium", "text"),
    Column("sessionCampaignName", "session_campaign_name", "text"),
)
_HOST = Column("hostName", "host_name", "text")
_LANDING_PAGE = Column("landingPage", "landing_page", "path")

SESSIONS = GA4Stream(
    "sessions",
    (_DATE, _HOST, _LANDING_PAGE, *_SESSION),
    (
        Column("sessions", "sessions", "integer"),
        Column("engagedSessions", "engaged_sessions", "integer"),
        Column("userEngagementDuration", "user_engagement_duration", "integer"),
        Column("screenPageViews", "screen_page_views", "integer"),
        Column("keyEvents", "key_events", "number"),
    ),
)
"""Traffic by landing page and origin. ``user_engagement_duration`` is in seconds."""

TOUCHPOINTS = GA4Stream(
    "touchpoints",
    (
        _DATE,
        Column("dateHourMinute", "date_hour_minute", "text"),
        Column(VISITOR_DIMENSION, "visitor_key", "visitor"),
        *_SESSION,
        _LANDING_PAGE,
    ),
    (Column("sessions", "sessions", "integer"),),
    exclude=((VISITOR_DIMENSION, NOT_SET),),
)
"""Sessions of consenting visitors by minute, for attribution; visitors without an id are not asked for."""

KEY_EVENTS = GA4Stream(
    "key_events",
    (_DATE, Column("eventName", "event_name", "text"), _SESSION[0]),
    (Column("keyEvents", "key_events", "number"), Column("eventCount", "event_count", "integer")),
    exclude=(("isKeyEvent", "false"),),
    segment="year",
)
"""What visitors did that the property counts as a key event, by the session's channel. An event can be counted as one
key event a session, and happen more often."""

CONTENT = GA4Stream(
    "content",
    (_DATE, _HOST, Column("pagePath", "page_path", "path")),
    (
        Column("screenPageViews", "screen_page_views", "integer"),
        Column("userEngagementDuration", "user_engagement_duration", "integer"),
        Column("keyEvents", "key_events", "number"),
    ),
)
"""Pages viewed. The Data API has no entrances: these are the sessions by landing page of ``SESSIONS``."""

ADS = GA4Stream(
    "ads",
    (_DATE, *_SESSION[1:]),
    (
        Column("advertiserAdCost", "advertiser_ad_cost", "money"),
        Column("advertiserAdClicks", "advertiser_ad_clicks", "integer"),
        Column("advertiserAdImpressions", "advertiser_ad_impressions", "integer"),
    ),
    segment="year",
)
"""What linked advertising accounts, and costs uploaded to the property, say of a campaign's day, in the property's
currency. Asked by day and campaign and with no other metrics: the API refuses them without a campaign, and repeats the
cost of all the range in each row of coarser reports (googleanalytics/ga-dev-tools#1681)."""


def _users(grain: Grain, name: str, period: Column) -> GA4Stream:
    metrics = (
        Column("totalUsers", "total_users", "integer"),
        Column("activeUsers", "active_users", "integer"),
        Column("newUsers", "new_users", "integer"),
    )
    return GA4Stream(name, (period,), metrics, grain=grain, segment="year")


USERS = (
    _users("day", "users_by_day", Column("date", "period_start", "date")),
    _users("week", "users_by_week", Column("isoYearIsoWeek", "period_start", "week")),
    _users("month", "users_by_month", Column("yearMonth", "period_start", "month")),
    _users("quarter", "users_by_quarter", Column(RANGE, "period_start", "range")),
)
"""Distinct people, at every grain they are published at."""

STREAMS = (SESSIONS, TOUCHPOINTS, KEY_EVENTS, CONTENT, ADS, *USERS)
