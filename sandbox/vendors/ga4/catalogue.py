"""The dimensions and metrics the sandbox's properties offer, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass

NOT_SET = "(not set)"
CLIENT_ID = "customUser:client_id"
MINUTE = "dateHourMinute"

# Asked for one of these, a property answers visit by visit, and then only `sessions` can be counted.
VISIT_DIMENSIONS = frozenset({CLIENT_ID, MINUTE})
VISIT_METRICS = frozenset({"sessions"})


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
        Field("sessionCampaignName", "Session campaign", "Traffic source", "The campaign name of a session."),
        Field(CLIENT_ID, "Client ID", "Custom", "A user-scoped custom dimension.", is_custom=True),
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
    )
}


def clashes(dimensions: frozenset[str], metrics: frozenset[str]) -> list[str]:
    """The metrics that have to leave for the rest of the request to be compatible, in a fixed order."""
    return sorted(metrics - VISIT_METRICS) if dimensions & VISIT_DIMENSIONS else []
