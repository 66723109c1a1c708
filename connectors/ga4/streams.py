"""The reports we take, frozen: adding a metric to a report can change its other numbers, so a change is a new version.

Only additive metrics (never users), and no ``currencyCode``: money stays in the property's own currency.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pyarrow as pa

from connectors.landing.dataset import Dataset

SOURCE = "ga4"
NOT_SET = "(not set)"
VISITOR_DIMENSION = "customUser:client_id"

Kind = Literal["date", "text", "path", "visitor", "integer", "number"]

_ARROW: dict[Kind, pa.DataType] = {
    "date": pa.date32(),
    "text": pa.string(),
    "path": pa.string(),
    "visitor": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """An API name, the landed name, and how the text becomes a value (path: query stripped; visitor: HMACed)."""

    api_name: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class GA4Stream:
    """One report. ``exclude`` drops rows of a dimension's value at the source (dimension, value)."""

    name: str
    dimensions: tuple[Column, ...]
    metrics: tuple[Column, ...]
    exclude: tuple[tuple[str, str], ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        if len(self.dimensions) > 9 or len(self.metrics) > 10:
            raise ValueError(f"{self.name}: the API allows 9 dimensions and 10 metrics")
        if self.dimensions[0].api_name != "date":
            raise ValueError(f"{self.name}: the first dimension must be the date")

    @property
    def definition(self) -> str:
        """``sessions@1``: every window says by which definition its numbers came about."""
        return f"{self.name}@{self.version}"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Dimensions, then metrics."""
        return self.dimensions + self.metrics

    def asking_for(self, visitor_dimension: str) -> GA4Stream:
        """The same report, with the property's own name for the visitor's id in place of ours."""

        def renamed(name: str) -> str:
            return visitor_dimension if name == VISITOR_DIMENSION else name

        dimensions = tuple(replace(column, api_name=renamed(column.api_name)) for column in self.dimensions)
        return replace(
            self, dimensions=dimensions, exclude=tuple((renamed(name), value) for name, value in self.exclude)
        )

    @property
    def dataset(self) -> Dataset:
        """Where it lands."""
        schema = pa.schema([pa.field(column.name, _ARROW[column.kind]) for column in self.columns])
        return Dataset(SOURCE, self.name, schema, "series", "date")


_DATE = Column("date", "date", "date")
_SESSION = (
    Column("sessionDefaultChannelGroup", "session_default_channel_group", "text"),
    Column("sessionSource", "session_source", "text"),
    Column("sessionMedium", "session_medium", "text"),
    Column("sessionCampaignName", "session_campaign_name", "text"),
)
_LANDING_PAGE = Column("landingPage", "landing_page", "path")

SESSIONS = GA4Stream(
    "sessions",
    (_DATE, Column("hostName", "host_name", "text"), _LANDING_PAGE, *_SESSION),
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

STREAMS = (SESSIONS, TOUCHPOINTS)
