"""The service account: its key, its token, and the channel that carries it."""

from __future__ import annotations

import json
import threading
from typing import Any

import google.auth.transport.requests
import grpc
from google.auth.exceptions import GoogleAuthError
from google.auth.transport import grpc as grpc_transport
from google.oauth2 import service_account

from connectors.errors import ConfigurationError
from connectors.ga4.faults import translate_login
from connectors.ga4.streams import SOURCE
from connectors.specs import require_loopback

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
GOOGLE_ENDPOINT = "analyticsdata.googleapis.com:443"
LOGIN_SECONDS = 30.0
UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


class Login:
    """One token for all threads. Raises ConfigurationError for a key file that is none."""

    def __init__(self, credentials_json: str) -> None:
        self._credentials = _credentials(credentials_json)
        self._request = google.auth.transport.requests.Request()
        self._lock = threading.Lock()

    def token(self) -> str:
        """A token that is good as far as we know.

        Had before the call, since the channel's plug-in would report a bad key as an outage. Raises the errors of
        ``faults.translate_login``.
        """
        with self._lock:
            if not self._credentials.valid:
                self._refresh()
            return str(self._credentials.token)

    def renew(self, refused: str) -> None:
        """Get another token in place of one the API refused, unless that has happened meanwhile."""
        with self._lock:
            if self._credentials.token == refused:
                self._refresh()

    @property
    def credentials(self) -> Any:
        """The account's credentials, for the official client."""
        return self._credentials

    def channel(self, endpoint: str | None) -> grpc.Channel:
        """To Google, or without encryption to a server on this machine (else ConfigurationError)."""
        if endpoint is None:
            secure, target = grpc.ssl_channel_credentials(), GOOGLE_ENDPOINT
        else:
            secure, target = grpc.local_channel_credentials(), require_loopback(endpoint, SOURCE)
        request = _with_timeout(google.auth.transport.requests.Request())
        connect: Any = grpc_transport.secure_authorized_channel
        channel: grpc.Channel = connect(self._credentials, request, target, ssl_credentials=secure, options=UNLIMITED)
        return channel

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(_with_timeout(self._request))
        except (GoogleAuthError, TypeError, ValueError) as error:  # the latter two: an answer that is no JSON object
            raise translate_login(error) from None


def _with_timeout(request: Any) -> Any:
    def call(*arguments: Any, **named: Any) -> Any:
        named["timeout"] = LOGIN_SECONDS
        return request(*arguments, **named)

    return call


def _credentials(text: str) -> Any:
    factory: Any = service_account.Credentials
    try:
        return factory.from_service_account_info(json.loads(text), scopes=[SCOPE])
    except (ValueError, TypeError, KeyError, GoogleAuthError) as error:
        raise ConfigurationError(
            "The Google Analytics credentials are not a service account's key file",
            source=SOURCE,
            cause=type(error).__name__,
            next_step="Put the whole JSON text of the key file into the environment variable.",
        ) from None
