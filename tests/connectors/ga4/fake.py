"""A small Google on loopback: the token endpoint, and runReport over gRPC with rows and troubles as told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.analytics.data_v1beta.types import (
    DimensionHeader,
    DimensionValue,
    MetricHeader,
    MetricValue,
    PropertyQuota,
    QuotaStatus,
    ResponseMetaData,
    Row,
    RunReportRequest,
    RunReportResponse,
)

from connectors.ga4.client import GA4Client
from connectors.specs import GA4Connection, LocaleSpec

TOKEN = "canary-of-a-token"
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
NL = LocaleSpec("nl", "Europe/Amsterdam", "EUR", "310000001", "global", ("NL",))

Trouble = Callable[[RunReportRequest, RunReportResponse], None]
"""Changes an answer, or raises Refusal."""


class Refusal(Exception):
    def __init__(self, code: grpc.StatusCode, message: str = "no") -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def refuse(code: grpc.StatusCode, message: str = "no") -> Trouble:
    def trouble(_: RunReportRequest, __: RunReportResponse) -> None:
        raise Refusal(code, message)

    return trouble


def as_usual(_: RunReportRequest, __: RunReportResponse) -> None:
    """No trouble."""


@dataclass
class FakeGoogle:
    """``rows`` hold API names → texts; ``troubles`` befall the calls one after another; ``requests`` are those made."""

    rows: list[dict[str, str]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    requests: list[RunReportRequest] = field(default_factory=list)
    page_rows: int = 100_000
    time_zone: str = "Europe/Amsterdam"
    currency: str = "EUR"
    remaining: int = 100_000
    token_status: int = 200
    token_body: str | None = None
    logins: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run_report(self, raw: bytes, context: grpc.ServicerContext) -> bytes:
        request = RunReportRequest.deserialize(raw)
        with self.lock:
            self.requests.append(request)
            trouble = self.troubles.pop(0) if self.troubles else as_usual
        response = self.answer(request)
        try:
            trouble(request, response)
        except Refusal as refusal:
            context.abort(refusal.code, refusal.message)
        return bytes(RunReportResponse.serialize(response))

    def answer(self, request: RunReportRequest) -> RunReportResponse:
        dimensions = [d.name for d in request.dimensions]
        metrics = [m.name for m in request.metrics]
        first, last = (
            text.replace("-", "") for text in (request.date_ranges[0].start_date, request.date_ranges[0].end_date)
        )
        rows = [row for row in self.rows if first <= row["date"] <= last and set(metrics) <= set(row)]
        rows = [row for row in rows if set(dimensions) <= set(row)]
        rows.sort(key=lambda row: [row[order.dimension.dimension_name] for order in request.order_bys])
        page = rows[request.offset : request.offset + min(request.limit, self.page_rows)]
        status = QuotaStatus(consumed=3, remaining=self.remaining)
        return RunReportResponse(
            dimension_headers=[DimensionHeader(name=name) for name in dimensions],
            metric_headers=[MetricHeader(name=name) for name in metrics],
            rows=[
                Row(
                    dimension_values=[DimensionValue(value=row[name]) for name in dimensions],
                    metric_values=[MetricValue(value=row[name]) for name in metrics],
                )
                for row in page
            ],
            row_count=len(rows),
            metadata=ResponseMetaData(time_zone=self.time_zone, currency_code=self.currency),
            property_quota=PropertyQuota(
                tokens_per_day=status, tokens_per_hour=status, tokens_per_project_per_hour=status
            ),
        )

    def token(self) -> tuple[int, dict[str, Any]]:
        with self.lock:
            self.logins += 1
        if self.token_status != 200:
            return self.token_status, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
        return 200, {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}


def sessions_row(day: date, page: str = "/", sessions: str = "5", **changed: str) -> dict[str, str]:
    return {
        "date": f"{day:%Y%m%d}",
        "hostName": "nl.noordlicht.example",
        "landingPage": page,
        "sessionDefaultChannelGroup": "Organic Search",
        "sessionSource": "google",
        "sessionMedium": "organic",
        "sessionCampaignName": "(not set)",
        "sessions": sessions,
        "engagedSessions": "3",
        "userEngagementDuration": "120",
        "screenPageViews": "9",
        "keyEvents": "1.5",
        **changed,
    }


def visit_row(day: date, visitor: str, minute: str = "0930", **changed: str) -> dict[str, str]:
    row = sessions_row(day, "/sensoren?email=ada@loom.example", "1")
    for metric in ("engagedSessions", "hostName"):
        del row[metric]
    return {**row, "dateHourMinute": f"{day:%Y%m%d}{minute}", "customUser:client_id": visitor, **changed}


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def credentials(token_uri: str) -> str:
    pem = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return json.dumps(
        {"type": "service_account", "client_email": "x@y.example", "private_key": pem, "token_uri": token_uri}
    )


@contextmanager
def serving(google: FakeGoogle) -> Iterator[GA4Connection]:
    """Serve it; gives the connection that reaches it."""

    class Tokens(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = google.token()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write((google.token_body or json.dumps(body)).encode())

        def log_message(self, *_: Any) -> None: ...

    tokens = ThreadingHTTPServer(("127.0.0.1", 0), Tokens)
    threading.Thread(target=tokens.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server = grpc.server(ThreadPoolExecutor(8))
    handler = grpc.unary_unary_rpc_method_handler(google.run_report)
    service = "google.analytics.data.v1beta.BetaAnalyticsData"
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {"RunReport": handler}),))
    port = server.add_secure_port("127.0.0.1:0", grpc.local_server_credentials())
    server.start()
    try:
        yield GA4Connection(credentials(f"http://127.0.0.1:{tokens.server_port}/token"), f"127.0.0.1:{port}")
    finally:
        server.stop(None)
        tokens.shutdown()
        tokens.server_close()


class Now:
    """A clock that moves when somebody sleeps by it, or when told to; ``slept`` are the seconds of each sleep."""

    def __init__(self) -> None:
        self.instant = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.instant += timedelta(seconds=seconds)


@contextmanager
def client_of(google: FakeGoogle, now: Now) -> Iterator[GA4Client]:
    with serving(google) as connection, GA4Client(connection, now, timeout=10, sleep=now.sleep) as client:
        yield client
