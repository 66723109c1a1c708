"""The errors the Data API answers with, in Google's words where they are known."""

from __future__ import annotations

from sandbox.faults import Action
from sandbox.vendors.faulty import instead
from sandbox.vendors.web import Reply

# google.rpc.Code: a canonical status and its HTTP code.
HTTP_STATUS = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_MESSAGES = {
    "RESOURCE_EXHAUSTED": "Exhausted concurrent requests quota.",
    "INTERNAL": "Internal error encountered.",
    "UNAVAILABLE": "The service is currently unavailable.",
    "DEADLINE_EXCEEDED": "Deadline expired before operation could complete.",
}

API_SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"
PROPERTY_ID = "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id"
EXPLORER = "https://ga-dev-tools.web.app/ga4/dimensions-metrics-explorer/"


class GoogleError(Exception):
    """An error of Google's: a canonical status (``INVALID_ARGUMENT``…) and a message.

    ``reply`` is what REST answers when that is not Google's own JSON (a proxy's page, a redirect).
    """

    def __init__(self, status: str, message: str, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reply = reply

    @property
    def http_status(self) -> int:
        """The status's HTTP code."""
        return self.reply.status if self.reply else HTTP_STATUS.get(self.status, 500)

    def body(self) -> dict[str, dict[str, str | int]]:
        """The body of the REST answer."""
        return {"error": {"code": self.http_status, "message": self.message, "status": self.status}}


def invalid(message: str) -> GoogleError:
    """400: the request is wrong and stays wrong."""
    return GoogleError("INVALID_ARGUMENT", message)


def unknown_field(name: str, kind: str) -> GoogleError:
    """400 for a name that is no dimension or metric; ``kind`` says which of the two was expected."""
    message = f"Field {name} is not a valid {kind}. For a list of valid dimensions and metrics, see {API_SCHEMA}"
    return invalid(message)


def incompatible(name: str) -> GoogleError:
    """400 for fields that exist but cannot be asked together; ``name`` is the one to leave out."""
    return invalid(
        f"Please remove {name} to make the request compatible. The request's dimensions & metrics are incompatible."
        f" To learn more, see {EXPLORER}"
    )


def lacking(name: str) -> GoogleError:
    """400 for metrics that need a dimension which was not asked for."""
    return invalid(
        f"Please add {name} to make the request compatible for example. The request's dimensions & metrics are"
        f" incompatible. To learn more, see {EXPLORER}"
    )


def no_access() -> GoogleError:
    """403: the account cannot see the property (or there is none; Google does not tell the two apart)."""
    return GoogleError(
        "PERMISSION_DENIED",
        "User does not have sufficient permissions for this property."
        f" To learn more about Property ID, see {PROPERTY_ID}.",
    )


def unauthenticated(*, missing: bool) -> GoogleError:
    """401: without a token, or with one that is not (or no longer) good."""
    what = "Request is missing required authentication credential." if missing else ""
    what = what or "Request had invalid authentication credentials."
    return GoogleError(
        "UNAUTHENTICATED",
        f"{what} Expected OAuth 2 access token, login cookie or other valid authentication credential."
        " See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )


def exhausted(what: str) -> GoogleError:
    """429: a quota is used up; ``what`` is the message."""
    return GoogleError("RESOURCE_EXHAUSTED", what)


def injected(action: Action) -> GoogleError | None:
    """The error a fault asks for, or None when it lets the call be answered."""
    if action.expire_token:
        return unauthenticated(missing=False)
    strange = instead(action, lambda _, status: Reply(status), "")
    if strange is None:
        return None
    if strange.content_type.startswith("text/html") or action.body is not None:
        return GoogleError("UNKNOWN", "Stream removed: the answer is not gRPC", strange)
    status = next((name for name, code in HTTP_STATUS.items() if code == action.status), "UNKNOWN")
    status = action.code or status
    message = _MESSAGES.get(status, "") if action.message is None else action.message
    return GoogleError(status, message, None if status in HTTP_STATUS else strange)
