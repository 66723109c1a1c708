"""How unmodified clients reach the sandbox: an adapter for what is meant for https://…, a transport for Google's.

The sandbox's own tests use them as well.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

SCOPES = ["https://www.googleapis.com/auth/analytics.readonly"]


class ToLoopback(HTTPAdapter):
    """Sends what is meant for any host to one server on this machine."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self._endpoint = endpoint

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """The request, at the endpoint."""
        parts = urlsplit(str(request.url))
        request.url = self._endpoint + parts.path + (f"?{parts.query}" if parts.query else "")
        return super().send(request, *args, **kwargs)


def google_credentials(contract: dict[str, Any], scopes: list[str] | None = None) -> Any:
    """The sandbox's service account."""
    from google.oauth2 import service_account

    info = json.loads(contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"])
    factory: Any = service_account.Credentials
    return factory.from_service_account_info(info, scopes=scopes or SCOPES)


def grpc_transport(contract: dict[str, Any], credentials: Any = None) -> Any:
    """The transport of Google's client, with the sandbox's service account or what is given."""
    import google.auth.transport.grpc
    import google.auth.transport.requests
    import grpc
    from google.analytics.data_v1beta.services.beta_analytics_data.transports import BetaAnalyticsDataGrpcTransport

    channel: Any = google.auth.transport.grpc.secure_authorized_channel
    connected = channel(
        credentials or google_credentials(contract),
        google.auth.transport.requests.Request(),
        contract["endpoints"]["google_analytics"],
        ssl_credentials=grpc.local_channel_credentials(),
        options=[("grpc.max_receive_message_length", -1)],
    )
    return BetaAnalyticsDataGrpcTransport(channel=connected)
