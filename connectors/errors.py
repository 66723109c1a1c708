"""Errors named by what one does next.

Each carries where it happened (source, scope, stream, window), why, and the next step; ``str()`` names them all.
Callers must never put a secret, a token, query text or an e-mail address into any of the fields: vendors' own messages
quote queries and URLs, so clients pass on error codes and allow-listed names only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any


class ConnectorError(Exception):
    """Base of every error that leaves this package.

    ``message`` says what happened in one clause; ``next_step`` is an instruction to a person.
    """

    default_next_step = "Run the refresh again; landed data is untouched."

    def __init__(
        self,
        message: str,
        *,
        source: str,
        scope: str | None = None,
        stream: str | None = None,
        window: str | None = None,
        cause: str | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.scope = scope
        self.stream = stream
        self.window = window
        self.cause = cause
        self.next_step = next_step or self.default_next_step

    def at(self, *, scope: str | None = None, stream: str | None = None, window: str | None = None) -> ConnectorError:
        """Fill in what the place that raised could not know; what is known already stays. Returns self."""
        self.scope = self.scope or scope
        self.stream = self.stream or stream
        self.window = self.window or window
        return self

    def facts(self) -> dict[str, str]:
        """The error as flat strings, for a log line or an orchestrator's metadata."""
        named: dict[str, Any] = {
            "error": type(self).__name__,
            "message": self.message,
            "source": self.source,
            "scope": self.scope,
            "stream": self.stream,
            "window": self.window,
            "cause": self.cause,
            "next_step": self.next_step,
        }
        return {name: str(value) for name, value in named.items() if value is not None}

    def __str__(self) -> str:
        place = ", ".join(
            f"{name} {value}"
            for name, value in (
                ("source", self.source),
                ("scope", self.scope),
                ("stream", self.stream),
                ("window", self.window),
            )
            if value
        )
        cause = f" Cause: {self.cause}." if self.cause else ""
        return f"{self.message} [{place}].{cause} Next: {self.next_step}"


class ConfigurationError(ConnectorError):
    """Nothing will change until a person changes a setting, a permission or a field. Never retried."""

    default_next_step = "Correct the configuration or the account's permissions, then run again."


class RetriableError(ConnectorError):
    """Passing trouble: the same call may succeed after ``retry_after_seconds``."""

    def __init__(self, message: str, *, retry_after_seconds: float = 30.0, **place: Any) -> None:
        super().__init__(message, **place)
        self.retry_after_seconds = retry_after_seconds


class SessionExpired(RetriableError):
    """The access token is no longer valid; the client logs in again once and repeats the call."""


class QuotaExhausted(ConnectorError):
    """The account's allowance is used up to our limit. What is landed stays; carry on at ``resume_at`` (UTC)."""

    def __init__(self, message: str, *, resume_at: datetime, **place: Any) -> None:
        place.setdefault("next_step", f"Run again after {resume_at.isoformat()}; it resumes where it stopped.")
        super().__init__(message, **place)
        self.resume_at = resume_at


class SourceUnavailable(ConnectorError):
    """The source did not answer, or answered with its own fault, after the client's few retries."""

    default_next_step = "Check the source's status page and the network, then run again."


class IncompleteResponse(ConnectorError):
    """The source answered, but with fewer rows, other columns or less history than it announced. Nothing was landed."""

    default_next_step = "Run again; if it persists, compare the announced with the received rows at the source."


class ShortReplacement(ConnectorError):
    """A replacement would empty a window that had rows, or take away most of them. Refused; nothing was changed."""

    default_next_step = "Check the source; if the loss is real, repeat with allow_short=True for exactly this window."


class Stopped(ConnectorError):
    """Somebody ended the work while it waited. What is landed stays."""

    default_next_step = "Run the refresh again; it resumes where it stopped."


class LandingConflict(RetriableError):
    """Other writers kept changing the same segment while this commit tried; nothing of it was landed."""
