"""What a property offers, compared with what the streams ask for (getMetadata, checkCompatibility).

Names change (``conversions`` became ``keyEvents``), custom dimensions are forgotten in a new property, and not all
fields go together; asking once a deploy tells so before a refresh fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from google.analytics.data_v1beta.types import Compatibility, Dimension, Metric

from connectors.errors import ConfigurationError
from connectors.ga4.streams import SOURCE, GA4Stream

Ask = Callable[..., Any]
"""Calls one of the API's methods by name, with the request's fields."""


def check_streams(ask: Ask, property_id: str, streams: Sequence[GA4Stream]) -> None:
    """Raise ConfigurationError naming every stream with a field that is missing or does not go with the others."""
    offered = ask("get_metadata", name=f"properties/{property_id}/metadata")
    dimensions = {dimension.api_name for dimension in offered.dimensions}
    metrics = {metric.api_name for metric in offered.metrics}
    problems = []
    for stream in streams:
        missing = [c.api_name for c in stream.asked_dimensions if c.api_name not in dimensions]
        missing += [c.api_name for c in stream.metrics if c.api_name not in metrics]
        if missing:
            problems.append(f"{stream.name}: the property has no {', '.join(missing)}")
        elif clashing := list(_incompatible(ask, property_id, stream)):
            problems.append(f"{stream.name}: {', '.join(clashing)} cannot be asked with the rest")
    if problems:
        raise ConfigurationError(
            "The property does not offer what the reports ask for",
            source=SOURCE,
            window=f"property {property_id}",
            cause="; ".join(problems),
            next_step="Add the custom dimensions in GA4's admin pages, or correct the names in the connection.",
        )


def _incompatible(ask: Ask, property_id: str, stream: GA4Stream) -> Iterator[str]:
    answer = ask(
        "check_compatibility",
        property=f"properties/{property_id}",
        dimensions=[Dimension(name=column.api_name) for column in stream.asked_dimensions],
        metrics=[Metric(name=column.api_name) for column in stream.metrics],
    )
    verdicts = {d.dimension_metadata.api_name: d.compatibility for d in answer.dimension_compatibilities}
    verdicts |= {m.metric_metadata.api_name: m.compatibility for m in answer.metric_compatibilities}
    for column in (*stream.asked_dimensions, *stream.metrics):
        if verdicts.get(column.api_name) == Compatibility.INCOMPATIBLE:
            yield column.api_name
