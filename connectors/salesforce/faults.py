"""Salesforce's error answers → ours, named by recovery.

Messages quote the query, and so e-mail addresses: only error codes, and field names found by pattern, are passed on.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import requests

from connectors.errors import (
    ConfigurationError,
    ConnectorError,
    QuotaExhausted,
    RetriableError,
    SessionExpired,
    SourceUnavailable,
)
from connectors.salesforce.streams import SOURCE

NO_SUCH_COLUMN = re.compile(r"No such column '(\w{1,80})' on entity '(\w{1,80})'")
TRANSIENT_STATUSES = (406, 408, 420, 429)
"""The platform's edge answers these, with an empty body or a page, while it sets things up."""

UNFINISHED = ("QUERY_TIMEOUT", "INVALID_QUERY_LOCATOR")

CODE = re.compile(r"[A-Za-z_]{3,60}")


def fault_of(response: requests.Response, connection: str, now: datetime) -> ConnectorError | None:
    """The error an answer stands for, or None for a good one. The body must have been read."""
    status = response.status_code
    is_page = "text/html" in response.headers.get("Content-Type", "")
    if status < 400 and not is_page:
        return None
    code, message = _code(response)
    place: dict[str, Any] = {"source": SOURCE, "scope": connection, "cause": f"HTTP {status} {code}".strip()}
    if code == "REQUEST_LIMIT_EXCEEDED":  # 403 like a refused permission, so the code decides
        return _limit_error(message, now, place)
    if status == 401:
        return SessionExpired("The session is no longer valid", **place)
    if status >= 500 or is_page:
        return SourceUnavailable("Salesforce did not answer", **place)
    is_passing = status in TRANSIENT_STATUSES or code in UNFINISHED
    return RetriableError("The request did not finish", **place) if is_passing else _refusal(code, message, place)


def is_transient(error: ConnectorError) -> bool:
    """Whether the same request may simply be sent again."""
    return isinstance(error, (SourceUnavailable, RetriableError)) and not isinstance(error, SessionExpired)


def _limit_error(message: str, now: datetime, place: dict[str, Any]) -> ConnectorError:
    if message.startswith("ConcurrentRequests"):
        return RetriableError("Too many long requests at once in this org", **place)
    return QuotaExhausted("The org's API calls of 24 hours are used up", resume_at=now + timedelta(hours=1), **place)


def _refusal(code: str, message: str, place: dict[str, Any]) -> ConfigurationError:
    column = NO_SUCH_COLUMN.search(message)
    if column:
        place["cause"] += f": no field {column[1]} on {column[2]}"
    if code in ("invalid_client", "invalid_client_id", "invalid_grant", "inactive_user", "unsupported_grant_type"):
        return ConfigurationError(
            "Salesforce did not accept the login",
            **place,
            next_step="Check the connected app's consumer key and secret, its client-credentials flow and run-as user.",
        )
    return ConfigurationError(
        "Salesforce refused the request",
        **place,
        next_step="Check the org's API version, the integration user's permissions and the configured field names.",
    )


def _code(response: requests.Response) -> tuple[str, str]:
    """Error code and message: an array of objects from the API, one object from the login, anything from between."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return "", ""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return "", ""
    code = str(first.get("errorCode") or first.get("error") or "")
    message = str(first.get("message") or first.get("error_description") or "")
    return (code if CODE.fullmatch(code) else ""), message
