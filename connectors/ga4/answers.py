"""What a response says about itself: whether it is what was asked for, and the remarks that qualify its numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

from connectors.errors import ConfigurationError, IncompleteResponse
from connectors.ga4.decode import RawReport
from connectors.ga4.streams import SOURCE, GA4Stream
from connectors.specs import LocaleSpec

MISSING_DAYS = frozenset({"DATA_TRUNCATION_TYPE_PROPERTY", "DATA_TRUNCATION_TYPE_DATE_RANGE"})
"""Reasons of truncation by which days are gone; the others qualify models and metrics, and are kept as remarks."""


def check_response(page: RawReport, stream: GA4Stream, locale: LocaleSpec, first: date) -> None:
    """Raise IncompleteResponse for columns or days that are missing; ConfigurationError when the property's time zone
    or currency (the response names the current ones) is not the locale's, or metrics are hidden from the account."""
    metadata: Any = page.message.metadata
    for what, found, expected in (
        ("time zone", metadata.time_zone, locale.time_zone),
        ("currency", metadata.currency_code, locale.currency),
    ):
        if found and found != expected:
            raise ConfigurationError(
                f"The property's {what} is {found}, the locale's {expected}",
                source=SOURCE,
                next_step=f"Check the property number, then set the {what} right in the locale's file or the property.",
            )
    asked = (*stream.asked_dimensions, *stream.metrics)
    missing = [column.api_name for column in asked if column.api_name not in page.columns]
    if missing and not (page.rows == 0 and not page.columns):
        raise IncompleteResponse(f"The response lacks {', '.join(missing)}", source=SOURCE)
    hidden = [r.metric_name for r in metadata.schema_restriction_response.active_metric_restrictions]
    if hidden:
        raise ConfigurationError(
            f"The account may not see {', '.join(hidden)}, which come back as zero",
            source=SOURCE,
            next_step="Lift the service account's metric restrictions on this property.",
        )
    for reason in metadata.data_truncation_reasons:
        if _type_of(reason) in MISSING_DAYS and _is_before(first, reason.data_truncation_date):
            raise IncompleteResponse(
                "The property no longer holds all of these days (its retention)",
                source=SOURCE,
                cause=f"cut off at {reason.data_truncation_date}" if reason.data_truncation_date else None,
                next_step="Ask for later days only; what is landed of the earlier ones stays.",
            )


def _is_before(first: date, cut_off: str) -> bool:
    """Whether days from ``first`` on are missing: data is kept from the cut-off on; when none is named, any may be."""
    return not cut_off or first.isoformat() < cut_off


def is_coarse(message: Any) -> bool:
    """Whether shorter ranges may give a truer answer: it is sampled, or rolled up into ``(other)``."""
    return bool(message.metadata.sampling_metadatas) or bool(message.metadata.data_loss_from_other_row)


def remarks_of(messages: Iterable[Any]) -> dict[str, Any]:
    """What the pages of a report remark on its numbers, for the windows' record; absent ones are left out."""
    remarks: dict[str, Any] = {}
    for message in messages:
        metadata = message.metadata
        page: dict[str, Any] = {
            "row_count": int(message.row_count),
            "time_zone": metadata.time_zone,
            "currency": metadata.currency_code,
            "subject_to_thresholding": metadata.subject_to_thresholding,
            "data_loss_from_other_row": metadata.data_loss_from_other_row,
            "empty_reason": metadata.empty_reason,
            "sampling": [MessageToDict(sampling) for sampling in metadata.sampling_metadatas],
            "truncation": [MessageToDict(reason) for reason in metadata.data_truncation_reasons],
        }
        remarks |= {name: value for name, value in page.items() if value}
    return remarks


def _type_of(reason: Any) -> str:
    field_type = reason.DESCRIPTOR.fields_by_name["data_truncation_type"].enum_type
    return str(field_type.values_by_number[reason.data_truncation_type].name)
