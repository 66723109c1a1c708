"""Google's own message types, loaded when first needed: importing them takes most of a second."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Messages:
    """The protobuf classes of google.analytics.data.v1beta used here, and its enumerations' numbers by name."""

    run_report_request: Any
    run_report_response: Any
    batch_request: Any
    batch_response: Any
    metadata_request: Any
    metadata: Any
    compatibility_request: Any
    compatibility_response: Any
    metric_type: dict[str, int]
    compatibility: dict[str, int]


@cache
def messages() -> Messages:
    """All message types."""
    from google.analytics.data_v1beta import types

    return Messages(
        types.RunReportRequest.pb(),
        types.RunReportResponse.pb(),
        types.BatchRunReportsRequest.pb(),
        types.BatchRunReportsResponse.pb(),
        types.GetMetadataRequest.pb(),
        types.Metadata.pb(),
        types.CheckCompatibilityRequest.pb(),
        types.CheckCompatibilityResponse.pb(),
        {name: member.value for name, member in types.MetricType.__members__.items()},
        {name: member.value for name, member in types.Compatibility.__members__.items()},
    )
