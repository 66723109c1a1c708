"""Google's errors → ours, named by recovery."""

from __future__ import annotations

from google.api_core import exceptions as google
from google.auth import exceptions as auth

from connectors.errors import ConfigurationError, ConnectorError, RetriableError, SourceUnavailable
from connectors.ga4.quota import QuotaGuard
from connectors.ga4.streams import SOURCE

TRANSIENT = (
    google.ServiceUnavailable,
    google.DeadlineExceeded,
    google.GatewayTimeout,
    google.InternalServerError,
)

_CONFIGURATION = {
    google.InvalidArgument: "Correct the report's dimensions and metrics, or the property's custom dimensions.",
    google.BadRequest: "Correct the report's dimensions and metrics, or the property's custom dimensions.",
    google.NotFound: "Correct the property number in the locale's file.",
    google.Forbidden: "Give the service account the Viewer role on this property, and enable the Data API.",
    google.Unauthenticated: "Replace the service account's key.",
    google.Unauthorized: "Replace the service account's key.",
}


def translate(error: Exception, property_id: str, guard: QuotaGuard) -> ConnectorError:
    """The error to raise instead of what Google's client raised for a call on a property."""
    if isinstance(error, google.RetryError) and isinstance(error.cause, Exception):
        error = error.cause
    place = f"property {property_id}"
    if isinstance(error, google.TooManyRequests):
        return _quota_error(str(error.message), property_id, guard)
    for kind, next_step in _CONFIGURATION.items():
        if isinstance(error, kind):
            return ConfigurationError(
                "Google Analytics refused the request",
                source=SOURCE,
                window=place,
                cause=f"{type(error).__name__}: {error.message}",
                next_step=next_step,
            )
    cause = f"{type(error).__name__}: {getattr(error, 'message', '')}".rstrip(": ")
    return SourceUnavailable("Google Analytics did not answer", source=SOURCE, window=place, cause=cause)


def translate_login(error: auth.GoogleAuthError) -> ConnectorError:
    """The error to raise when no token could be had; Google's text may quote the assertion, so it is left out."""
    if isinstance(error, auth.TransportError):
        return SourceUnavailable("Google's token service did not answer", source=SOURCE, cause=type(error).__name__)
    return ConfigurationError(
        "Google did not accept the service account",
        source=SOURCE,
        cause=type(error).__name__,
        next_step="Check that the key is current and this machine's clock is right, then run again.",
    )


def _quota_error(message: str, property_id: str, guard: QuotaGuard) -> ConnectorError:
    """429 says only in its text which allowance ran out: the day's comes back at midnight, others within the hour."""
    lowered = message.lower()
    if "concurrent" in lowered:
        return RetriableError(
            "Too many requests at once on this property",
            source=SOURCE,
            window=f"property {property_id}",
            cause=message,
            retry_after_seconds=30,
        )
    meter = "tokens_per_day" if "per day" in lowered else "tokens_per_hour"
    return guard.block(property_id, meter, message)
