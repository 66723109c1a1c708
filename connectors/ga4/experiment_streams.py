"""Reports of properties on which experiments run: who was shown which variant, and what they did.

Google's own integration of experiments sends an event ``experience_impression`` whose parameter ``exp_variant_string``
names tool, experiment and variant (developers.google.com/analytics/devguides/collection/ga4/integration); the property
needs a custom dimension for it. Counted by event, a variant with busier visitors would seem to do better: what is drawn
by lot is a visitor, so both reports tell visitors apart, and consenting ones are all there are.
"""

from __future__ import annotations

from connectors.ga4.streams import NOT_SET, VISITOR_DIMENSION, Column, GA4Stream

VARIANT_DIMENSION = "customEvent:exp_variant_string"

_WHO_AND_WHEN = (
    Column("date", "date", "date"),
    Column("dateHourMinute", "date_hour_minute", "text"),
    Column(VISITOR_DIMENSION, "visitor_key", "visitor"),
)

EXPOSURES = GA4Stream(
    "exposures",
    (*_WHO_AND_WHEN, Column(VARIANT_DIMENSION, "variant_value", "text")),
    (Column("eventCount", "event_count", "integer"),),
    exclude=((VARIANT_DIMENSION, NOT_SET), (VISITOR_DIMENSION, NOT_SET)),
)
"""By minute, the variants that visitors were shown."""

VISITOR_EVENTS = GA4Stream(
    "visitor_events",
    (*_WHO_AND_WHEN, Column("eventName", "event_name", "text")),
    (Column("keyEvents", "key_events", "number"), Column("eventCount", "event_count", "integer")),
    exclude=(("isKeyEvent", "false"), (VISITOR_DIMENSION, NOT_SET)),
)
"""By minute, the key events of visitors."""

EXPERIMENT_STREAMS = (EXPOSURES, VISITOR_EVENTS)
