"""The two ways to Google's API, both the official client's: gRPC, and HTTP/1.1 for proxies that know nothing else."""

from __future__ import annotations

from typing import Any, Protocol

import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataGrpcTransport,
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.services.beta_analytics_data.transports.base import DEFAULT_CLIENT_INFO
from google.analytics.data_v1beta.types import RunReportRequest, RunReportResponse
from google.api_core import exceptions as google
from google.api_core import gapic_v1
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter

from connectors.deadlines import read_within
from connectors.errors import IncompleteResponse
from connectors.ga4.login import Login
from connectors.ga4.streams import SOURCE
from connectors.specs import GA4Connection, require_loopback

TIMED_OUT: Any = google.GatewayTimeout
UNAVAILABLE: Any = google.ServiceUnavailable
RUN_REPORT = "/google.analytics.data.v1beta.BetaAnalyticsData/RunReport"


class Transport(Protocol):
    """Calls of the API, within ``timeout`` seconds each. They raise google.api_core's errors."""

    def run_report(self, request: RunReportRequest, timeout: float) -> bytes:
        """One page, as the bytes of a ``RunReportResponse``."""
        ...

    def call(self, method: str, request: Any, timeout: float) -> Any:
        """Any method of the official client."""
        ...

    def close(self) -> None:
        """Give back the connection."""
        ...


def transport_of(connection: GA4Connection, login: Login) -> Transport:
    """The one the connection asks for. Raises ConfigurationError for an endpoint elsewhere than on this machine."""
    kinds: dict[str, type[GrpcTransport] | type[RestTransport]] = {"grpc": GrpcTransport, "rest": RestTransport}
    return kinds[connection.transport](connection.endpoint, login)


class GrpcTransport:
    """HTTP/2. The client's own stub builds message objects; ours hands over the bytes, on the same channel."""

    def __init__(self, endpoint: str | None, login: Login) -> None:
        self._channel = login.channel(endpoint)
        transport = BetaAnalyticsDataGrpcTransport(channel=self._channel)
        self._client = BetaAnalyticsDataClient(transport=transport)
        stub = transport.grpc_channel.unary_unary(
            RUN_REPORT, request_serializer=RunReportRequest.serialize, response_deserializer=None
        )
        wrap_method: Any = gapic_v1.method.wrap_method
        self._call = wrap_method(stub, client_info=DEFAULT_CLIENT_INFO)

    def run_report(self, request: RunReportRequest, timeout: float) -> bytes:
        """One page."""
        to_grpc_metadata: Any = gapic_v1.routing_header.to_grpc_metadata
        routing = to_grpc_metadata((("property", request.property),))
        raw: bytes = self._call(request, timeout=timeout, metadata=(routing,))
        return raw

    def call(self, method: str, request: Any, timeout: float) -> Any:
        """Any method of the official client."""
        return getattr(self._client, method)(request, retry=None, timeout=timeout)

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


class RestTransport:
    """JSON over HTTP/1.1. Several times slower to decode; what comes out is the same."""

    def __init__(self, endpoint: str | None, login: Login) -> None:
        host = require_loopback(endpoint, SOURCE).partition("//")[2] or endpoint if endpoint else None
        options: dict[str, Any] = {"host": host, "url_scheme": "http"} if host else {}
        transport: Any = BetaAnalyticsDataRestTransport(credentials=login.credentials, **options)
        self._session: requests.Session = transport._session
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _WholeAnswers())
        self._client = BetaAnalyticsDataClient(transport=transport)

    def run_report(self, request: RunReportRequest, timeout: float) -> bytes:
        """One page."""
        pb: Any = RunReportResponse.pb(self.call("run_report", request, timeout))
        raw: bytes = pb.SerializeToString()
        return raw

    def call(self, method: str, request: Any, timeout: float) -> Any:
        """Any method of the official client, which lets errors of the connection through as they are."""
        try:
            return getattr(self._client, method)(request, retry=None, timeout=timeout)
        except requests.Timeout as error:
            raise TIMED_OUT(type(error).__name__) from None
        except requests.RequestException as error:
            raise UNAVAILABLE(type(error).__name__) from None
        except (ParseError, ValueError) as error:
            raise IncompleteResponse("The response cannot be read", source=SOURCE, cause=type(error).__name__) from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _WholeAnswers(HTTPAdapter):
    """Bounds each answer as a whole: requests' own limit begins anew with every byte."""

    def send(self, *arguments: Any, **named: Any) -> requests.Response:
        seconds = named.get("timeout")
        response = super().send(*arguments, **{**named, "stream": True})
        if isinstance(seconds, int | float) and not read_within(response, seconds):
            raise requests.ReadTimeout("no end of the answer in time")
        return response
