"""Salesforce's error answers → ours, named by recovery.

Messages quote the query, and so e-mail addresses: only error codes, and field names found by pattern, are passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.errors import (
    ConfigurationError,
    ConnectorError,
    QuotaExhausted,
    RetriableError,
    SessionExpired,
    SourceUnavailable,
)
from connectors.salesforce.stream_specs import SOURCE

NO_SUCH_COLUMN = re.compile(r"No such column '(\w{1,80})' on entity '(\w{1,80})'")
TRANSIENT_STATUSES = (406, 408, 420, 429)
"""The platform's edge answers these, with an empty body or a page, while it sets things up."""

BULK_REFUSALS = ("INVALIDENTITY", "API_ERROR", "FEATURENOTENABLED")
"""What Bulk API 2.0 answers for objects and fields that only REST serves."""

LOGIN_REFUSALS = (
    "invalid_client",
    "invalid_client_id",
    "invalid_grant",
    "inactive_user",
    "unsupported_grant_type",
)
SOAP_REFUSALS = ("INVALID_LOGIN", "LOGIN_MUST_USE_SECURITY_TOKEN", "INVALID_OPERATION_WITH_EXPIRED_PASSWORD")
"""SOAP answers a wrong password with 500; sent again and again it locks the user out."""

CODE = re.compile(r"[A-Za-z_]{3,60}")
SOAP_CODE = re.compile(rb"<(?:sf:)?exceptionCode>([A-Za-z_]{3,60})<")


class Unanswered(SourceUnavailable):
    """No answer arrived, or not all of it: whether the request was carried out is not known."""


class QueryTimeout(RetriableError):
    """The query takes the org too long; half of its window may not."""


class LocatorExpired(RetriableError):
    """The link to the next page is no longer known; the query must be begun again."""


class BulkFailed(RetriableError):
    """The bulk query failed, hung or was refused; REST may still bring the rows."""


class InstanceMoved(SessionExpired):
    """The org answers somewhere else now; a new login says where."""


class NoSuchResource(ConfigurationError):
    """The org has no such object, job or API version, or the account may not see it."""


def fault_of(response: requests.Response, connection: str, now: datetime) -> ConnectorError | None:
    """The error an answer stands for, or None for a good one. The body must have been read."""
    status = response.status_code
    is_page = "text/html" in response.headers.get("Content-Type", "")
    if status < 300 and not is_page:
        return None
    code, message = _code(response)
    place: dict[str, Any] = {"source": SOURCE, "scope": connection, "cause": f"HTTP {status} {code}".strip()}
    if code == "REQUEST_LIMIT_EXCEEDED":  # 403 like a refused permission, so the code decides
        return _limit_error(message, now, place)
    if 300 <= status < 400:
        return _moved(response, place)
    if status == 401:
        return SessionExpired("The session is no longer valid", **place)
    if (status >= 500 or is_page) and code not in SOAP_REFUSALS:
        return SourceUnavailable("Salesforce did not answer", **place)
    return _of_code(code, message, status, now, place)


def is_transient(error: ConnectorError) -> bool:
    """Whether the same request may simply be sent again."""
    if isinstance(error, (SessionExpired, QueryTimeout, LocatorExpired, BulkFailed)):
        return False
    return isinstance(error, (SourceUnavailable, RetriableError))


def _of_code(code: str, message: str, status: int, now: datetime, place: dict[str, Any]) -> ConnectorError:
    passing: dict[str, Callable[[], ConnectorError]] = {
        "QUERY_TIMEOUT": lambda: QueryTimeout("The query took the org too long", **place),
        "INVALID_QUERY_LOCATOR": lambda: LocatorExpired("The org no longer knows the next page", **place),
        **dict.fromkeys(BULK_REFUSALS, lambda: BulkFailed("The Bulk API does not take this query", **place)),
    }
    if code in passing:
        return passing[code]()
    if status in TRANSIENT_STATUSES:
        return RetriableError("The request did not finish", **place)
    if code == "LIMIT_EXCEEDED":
        return QuotaExhausted(
            "The org's bulk jobs of 24 hours are used up", resume_at=now + timedelta(hours=1), **place
        )
    if status in (404, 410) or code == "INVALID_TYPE":
        return NoSuchResource(
            "Salesforce knows nothing there",
            **place,
            next_step="Check the API version of the connection, and that the integration user may see the object.",
        )
    return _refusal(code, message, place)


def _moved(response: requests.Response, place: dict[str, Any]) -> ConnectorError:
    """A redirect is not followed blindly: the token goes where a login says, and nowhere else."""
    host = urlsplit(response.headers.get("Location", "")).hostname or "an unnamed host"
    if urlsplit(response.url or "").path.startswith(("/services/oauth2/", "/services/Soap/")):
        return ConfigurationError(
            f"The org has moved to {host}", **place, next_step="Correct the domain of the connection, then run again."
        )
    return InstanceMoved(f"The org answers at {host} now", **place)


def _limit_error(message: str, now: datetime, place: dict[str, Any]) -> ConnectorError:
    if message.startswith("ConcurrentRequests"):
        return RetriableError("Too many long requests at once in this org", **place)
    return QuotaExhausted("The org's API calls of 24 hours are used up", resume_at=now + timedelta(hours=1), **place)


def _refusal(code: str, message: str, place: dict[str, Any]) -> ConfigurationError:
    column = NO_SUCH_COLUMN.search(message)
    if column:
        place["cause"] += f": no field {column[1]} on {column[2]}"
    if code in (*LOGIN_REFUSALS, *SOAP_REFUSALS):
        return ConfigurationError(
            "Salesforce did not accept the login",
            **place,
            next_step="Check the connected app (key, secret or certificate, its flow) and the integration user.",
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
        found = SOAP_CODE.search(response.content)
        return (found[1].decode() if found else ""), ""
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return "", ""
    code = str(first.get("errorCode") or first.get("error") or "")
    message = str(first.get("message") or first.get("error_description") or "")
    return (code if CODE.fullmatch(code) else ""), message
