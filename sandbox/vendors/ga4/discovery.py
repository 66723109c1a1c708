"""getMetadata and checkCompatibility: what may be asked, and what goes together."""

from __future__ import annotations

from typing import Any

from sandbox.vendors.ga4.catalogue import DIMENSIONS, METRICS, SUBJECTS
from sandbox.vendors.ga4.errors import unknown_field
from sandbox.vendors.ga4.messages import messages


def metadata(property_id: str, removed: str | None = None) -> Any:
    """A property's Metadata message: every dimension and metric it offers, but for one that was ``removed``."""
    message = messages().metadata(name=f"properties/{property_id}/metadata")
    for name in (name for name in DIMENSIONS if name != removed):
        _describe(message.dimensions.add(), name)
    for name in (name for name in METRICS if name != removed):
        _describe(message.metrics.add(), name)
    return message


def compatibility(request: Any, removed: str | None = None) -> Any:
    """A CheckCompatibilityResponse: each field, and whether it could be added to the request's own.

    Raises GoogleError (400) for a field that does not exist.
    """
    dimensions = {dimension.name for dimension in request.dimensions}
    metrics = {metric.name for metric in request.metrics}
    for names, known, kind in ((dimensions, DIMENSIONS, "dimension"), (metrics, METRICS, "metric")):
        for name in sorted(names - (known.keys() - {removed})):
            raise unknown_field(name, kind)
    message = messages().compatibility_response()
    with_metrics = [one for one in SUBJECTS if metrics <= one.metrics]
    both = [one for one in with_metrics if dimensions <= one.dimensions]
    for name in DIMENSIONS:
        item = message.dimension_compatibilities.add()
        _describe(item.dimension_metadata, name)
        item.compatibility = _verdict(any(name in one.dimensions for one in both or with_metrics))
    with_dimensions = [one for one in SUBJECTS if dimensions <= one.dimensions]
    for name in METRICS:
        item = message.metric_compatibilities.add()
        _describe(item.metric_metadata, name)
        item.compatibility = _verdict(any(name in one.metrics for one in both or with_dimensions))
    return message


def _describe(item: Any, name: str) -> None:
    field = DIMENSIONS.get(name) or METRICS[name]
    item.api_name, item.ui_name, item.description = field.name, field.title, field.description
    item.category, item.custom_definition = field.category, field.is_custom
    if field.type:
        item.type_ = messages().metric_type[field.type]


def _verdict(is_compatible: bool) -> int:
    return messages().compatibility["COMPATIBLE" if is_compatible else "INCOMPATIBLE"]
