"""The dimensions and metrics the sandbox's properties offer, and which of them go together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

NOT_SET = "(not set)"
CLIENT_ID = "customUser:client_id"
VARIANT = "customEvent:exp_variant_string"
MINUTE = "dateHourMinute"
WEEK, MONTH = "isoYearIsoWeek", "yearMonth"
CAMPAIGN = "sessionCampaignName"
COST = "advertiserAdCost"


@dataclass(frozen=True)
class Field:
    """A dimension (``type`` empty) or a metric (``type`` as in ``metricHeaders``)."""

    name: str
    title: str
    category: str
    description: str
    type: str = ""
    is_custom: bool = False


DIMENSIONS = {
    field.name: field
    for field in (
        Field("date", "Date", "Time", "The date of the event, formatted as YYYYMMDD."),
        Field(
            MINUTE,
            "Date hour and minute",
            "Time",
            "The combined values of date, hour and minute, formatted as YYYYMMDDHHMM.",
        ),
        Field(WEEK, "ISO week of ISO year", "Time", "The combined values of isoWeek and isoYear, such as 202601."),
        Field(MONTH, "Year month", "Time", "The combined values of year and month, such as 202601."),
        Field("hostName", "Hostname", "Page / screen", "The subdomain and domain names of a URL."),
        Field("landingPage", "Landing page", "Page / screen", "The page path of the first pageview in a session."),
        Field(
            "sessionDefaultChannelGroup",
            "Session default channel group",
            "Traffic source",
            "The session's default channel group.",
        ),
        Field("sessionSource", "Session source", "Traffic source", "The source that initiated a session."),
        Field("sessionMedium", "Session medium", "Traffic source", "The medium that initiated a session."),
        Field(CAMPAIGN, "Session campaign", "Traffic source", "The campaign name of a session."),
        Field("eventName", "Event name", "Event", "The name of the event."),
        Field("isKeyEvent", "Is key event", "Event", "The string true if the event is a key event."),
        Field("pagePath", "Page path", "Page / screen", "The portion of the URL between the hostname and the query."),
        Field(CLIENT_ID, "Client ID", "Custom", "A user-scoped custom dimension.", is_custom=True),
        Field(VARIANT, "Experiment variant", "Custom", "An event-scoped custom dimension.", is_custom=True),
    )
}

METRICS = {
    field.name: field
    for field in (
        Field("sessions", "Sessions", "Session", "The number of sessions.", "TYPE_INTEGER"),
        Field(
            "engagedSessions",
            "Engaged sessions",
            "Session",
            "Sessions longer than 10 seconds, with a key event or with 2 or more views.",
            "TYPE_INTEGER",
        ),
        Field(
            "userEngagementDuration",
            "User engagement",
            "User",
            "The time your site was in the foreground, in seconds.",
            "TYPE_SECONDS",
        ),
        Field("screenPageViews", "Views", "Page / screen", "The number of pages viewed.", "TYPE_INTEGER"),
        Field("keyEvents", "Key events", "Event", "The count of key events.", "TYPE_FLOAT"),
        Field("eventCount", "Event count", "Event", "The count of events.", "TYPE_INTEGER"),
        Field("totalUsers", "Total users", "User", "The number of distinct users.", "TYPE_INTEGER"),
        Field("activeUsers", "Active users", "User", "The number of distinct users who were active.", "TYPE_INTEGER"),
        Field("newUsers", "New users", "User", "The number of users who came for the first time.", "TYPE_INTEGER"),
        Field(COST, "Ads cost", "Advertising", "The total amount paid for the ads.", "TYPE_CURRENCY"),
        Field("advertiserAdClicks", "Ads clicks", "Advertising", "The number of clicks on ads.", "TYPE_INTEGER"),
        Field("advertiserAdImpressions", "Ads impressions", "Advertising", "Impressions of the ads.", "TYPE_INTEGER"),
    )
}


@dataclass(frozen=True)
class Subject:
    """What one report can be about: dimensions and metrics that go together, and one dimension it cannot do without."""

    name: str
    dimensions: frozenset[str]
    metrics: frozenset[str]
    needed: str | None = None


_SOURCE = ("sessionSource", "sessionMedium", CAMPAIGN)
_ENTRANCE = ("landingPage", "sessionDefaultChannelGroup", *_SOURCE)


def _subject(name: str, dimensions: Iterable[str], metrics: Iterable[str], needed: str | None = None) -> Subject:
    return Subject(name, frozenset({"date", *dimensions}), frozenset(metrics), needed)


SUBJECTS = (
    _subject(
        "sessions",
        ("hostName", *_ENTRANCE),
        ("sessions", "engagedSessions", "userEngagementDuration", "screenPageViews", "keyEvents"),
    ),
    # Asked for a client id or a minute, a property answers visit by visit, and then only `sessions` can be counted.
    _subject("visits", ("hostName", *_ENTRANCE, CLIENT_ID, MINUTE), ("sessions",)),
    _subject("users", (WEEK, MONTH), ("totalUsers", "activeUsers", "newUsers")),
    _subject("events", ("eventName", "isKeyEvent", "sessionDefaultChannelGroup"), ("eventCount", "keyEvents")),
    # Of single visitors a property tells what they did where experiments are, and what they were shown.
    _subject("visitor_events", (MINUTE, CLIENT_ID, "eventName", "isKeyEvent"), ("eventCount", "keyEvents")),
    _subject("exposures", (MINUTE, CLIENT_ID, VARIANT), ("eventCount",), VARIANT),
    _subject("content", ("hostName", "pagePath"), ("screenPageViews", "userEngagementDuration", "keyEvents")),
    _subject("ads", _SOURCE, (COST, "advertiserAdClicks", "advertiserAdImpressions"), CAMPAIGN),
)
"""In the order in which they are tried. Google's real properties know more combinations than these."""


def subject_of(dimensions: frozenset[str], metrics: frozenset[str]) -> Subject | None:
    """The first subject that has all of these fields, or None when they do not go together."""
    return next((one for one in SUBJECTS if dimensions <= one.dimensions and metrics <= one.metrics), None)


def clash(dimensions: frozenset[str], metrics: frozenset[str]) -> str:
    """A field that has to leave for the rest of a request, which is about no subject, to become compatible."""
    for one in SUBJECTS:
        if dimensions <= one.dimensions and (surplus := sorted(metrics - one.metrics)) and metrics & one.metrics:
            return surplus[0]
    return min(metrics) if metrics else max(dimensions)
