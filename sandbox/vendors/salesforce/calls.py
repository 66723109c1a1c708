"""What a fault may know of a call to an org: which object, which page, how long a span."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote

from sandbox.faults import Action, Call
from sandbox.faults.plan import span_days
from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.web import Reply, Request, json_reply

_FROM = re.compile(r"\bFROM\s+(\w+)", re.IGNORECASE)
_BY_ID = re.compile(r"\bWHERE\s+Id\s+IN\b", re.IGNORECASE)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_ERRORS = {
    400: ("MALFORMED_QUERY", "unexpected token"),
    401: ("INVALID_SESSION_ID", "Session expired or invalid"),
    403: ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    404: ("NOT_FOUND", "The requested resource does not exist"),
    500: ("UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    503: ("SERVER_UNAVAILABLE", "Server unavailable"),
}


def call_of(vendor: str, request: Request, object_name: str | None, page: int) -> Call:
    """The call; an object named in the path or in SOQL goes before the one its locator or job is about."""
    soql = request.query.get("q") or (request.body.decode(errors="replace") if "query" in request.path else "")
    named = request.parts.get("object") or next(iter(_FROM.findall(soql)), None)
    instants = [datetime.fromisoformat(text) for text in _INSTANT.findall(unquote(soql))]
    days = span_days(instants) if soql and not _BY_ID.search(soql) else 0.0  # records by Id have no span
    return Call(vendor, request.method, request.path, object=named or object_name, page=page, days=days)


def error_reply(action: Action, status: int) -> Reply:
    """An error a fault asks for, in an org's shape; some statuses come without a body."""
    if action.code is None and action.message is None and status not in _ERRORS:
        return Reply(status)
    code, message = _ERRORS.get(status, ("UNKNOWN_EXCEPTION", ""))
    error = SalesforceError(action.code or code, message if action.message is None else action.message, status)
    return json_reply(error.body(), status)
