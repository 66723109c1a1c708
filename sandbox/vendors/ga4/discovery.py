"""getMetadata and checkCompatibility: what may be asked, and what goes together."""

from __future__ import annotations

from typing import Any

from sandbox.vendors.ga4.catalogue import DIMENSIONS, METRICS, VISIT_DIMENSIONS, VISIT_METRICS
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
    by_visit, all_metrics = bool(dimensions & VISIT_DIMENSIONS), bool(metrics - VISIT_METRICS)
    message = messages().compatibility_response()
    for name in DIMENSIONS:
        item = message.dimension_compatibilities.add()
        _describe(item.dimension_metadata, name)
        item.compatibility = _verdict(name not in VISIT_DIMENSIONS or not all_metrics)
    for name in METRICS:
        item = message.metric_compatibilities.add()
        _describe(item.metric_metadata, name)
        item.compatibility = _verdict(name in VISIT_METRICS or not by_visit)
    return message


def _describe(item: Any, name: str) -> None:
    field = DIMENSIONS.get(name) or METRICS[name]
    item.api_name, item.ui_name, item.description = field.name, field.title, field.description
    item.category, item.custom_definition = field.category, field.is_custom
    if field.type:
        item.type_ = messages().metric_type[field.type]


def _verdict(is_compatible: bool) -> int:
    return messages().compatibility["COMPATIBLE" if is_compatible else "INCOMPATIBLE"]
