"""Google's errors → ours, named by recovery."""

from __future__ import annotations

from google.api_core import exceptions as google
from google.auth import exceptions as auth

from connectors.errors import ConfigurationError, ConnectorError, RetriableError, SourceUnavailable
from connectors.ga4.meters import SERVER_ERRORS, THRESHOLDED, TOKENS_PER_DAY
from connectors.ga4.streams import SOURCE

SERVER_FAULTS = (google.ServerError,)
"""Counted by Google against the allowance of ten an hour; a hung call (504) as well."""

TRANSIENT = (*SERVER_FAULTS, google.Aborted, google.Cancelled)

STALE_TOKEN = (google.Unauthorized,)

BUSY = "busy"
BUSY_SECONDS = 30.0

_CONFIGURATION = {
    google.BadRequest: "Correct the report's dimensions and metrics, or the property's custom dimensions.",
    google.NotFound: "Correct the property number in the locale's file.",
    google.Forbidden: "Give the service account the Viewer role on this property, and enable the Data API.",
    google.Unauthorized: "Replace the service account's key.",
}


def translate(error: google.GoogleAPICallError, property_id: str) -> ConnectorError:
    """The error to raise instead of what Google's client raised for a call on a property, quotas apart."""
    place = f"property {property_id}"
    for kind, next_step in _CONFIGURATION.items():
        if isinstance(error, kind):
            return ConfigurationError(
                "Google Analytics refused the request",
                source=SOURCE,
                window=place,
                cause=f"{type(error).__name__}: {error.message}",
                next_step=next_step,
            )
    cause = f"{type(error).__name__}: {error.message}".rstrip(": ")
    return SourceUnavailable("Google Analytics did not answer", source=SOURCE, window=place, cause=cause)


def translate_login(error: Exception) -> ConnectorError:
    """The error to raise when no token could be had; Google's text may quote the assertion, so it is left out."""
    is_outage = isinstance(error, auth.TransportError) or getattr(error, "retryable", False)
    if is_outage or not isinstance(error, auth.GoogleAuthError):
        return SourceUnavailable("Google's token service did not answer", source=SOURCE, cause=type(error).__name__)
    return ConfigurationError(
        "Google did not accept the service account",
        source=SOURCE,
        cause=type(error).__name__,
        next_step="Check that the key is current and this machine's clock is right, then run again.",
    )


def scarcity(message: str) -> str:
    """What a 429 is for want of: ``BUSY`` when a moment's rest helps, else the meter that is empty.

    429 says it only in its text. The day's tokens come back at midnight, the others within the hour; what is counted by
    the minute or at one moment comes back by itself.
    """
    lowered = message.lower()
    for words, meter in (
        ("concurrent", BUSY),
        ("per minute", BUSY),
        ("server error", SERVER_ERRORS),
        ("threshold", THRESHOLDED),
        ("per day", TOKENS_PER_DAY),
        ("project", "tokens_per_project_per_hour"),
    ):
        if words in lowered:
            return meter
    return "tokens_per_hour"


def too_busy(message: str, property_id: str) -> RetriableError:
    """The error when rests did not help."""
    return RetriableError(
        "Too many requests at once on this property",
        source=SOURCE,
        window=f"property {property_id}",
        cause=message,
        next_step="Run again when fewer programs read this property; landed data is untouched.",
        retry_after_seconds=BUSY_SECONDS,
    )
