"""The Data API over gRPC: raw bytes in, raw bytes out, plain text on loopback with local credentials."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from sandbox.vendors.ga4 import discovery
from sandbox.vendors.ga4.encode import protobuf_rows, varint
from sandbox.vendors.ga4.errors import GoogleError
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.service import Answer, Ga4
from sandbox.vendors.web import LOOPBACK

SERVICE = "google.analytics.data.v1beta.BetaAnalyticsData"
_BATCH_REPORT = b"\x0a"  # BatchRunReportsResponse.reports = 1, length-delimited
# More than the concurrent requests of one property, so that the quota refuses and not the server's queue.
WORKERS = 48

Method = Callable[[str | None, bytes], bytes]


def methods(api: Ga4) -> dict[str, Method]:
    """Each RPC as a function of the authorization header and the request's bytes."""

    def run_report(authorization: str | None, body: bytes) -> bytes:
        return message_bytes(api.run_report(authorization, messages().run_report_request.FromString(body)))

    def batch_run_reports(authorization: str | None, body: bytes) -> bytes:
        answers = api.batch_run_reports(authorization, messages().batch_request.FromString(body))
        reports = [message_bytes(answer) for answer in answers]
        kind = bytes(messages().batch_response(kind="analyticsData#batchRunReports").SerializeToString())
        return b"".join(_BATCH_REPORT + varint(len(report)) + report for report in reports) + kind

    def get_metadata(authorization: str | None, body: bytes) -> bytes:
        name = messages().metadata_request.FromString(body).name.removesuffix("/metadata")
        api.charged(authorization, name)
        return bytes(discovery.metadata(name.rpartition("/")[2]).SerializeToString())

    def check_compatibility(authorization: str | None, body: bytes) -> bytes:
        request = messages().compatibility_request.FromString(body)
        api.charged(authorization, request.property)
        return bytes(discovery.compatibility(request).SerializeToString())

    return {
        "RunReport": run_report,
        "BatchRunReports": batch_run_reports,
        "GetMetadata": get_metadata,
        "CheckCompatibility": check_compatibility,
    }


def message_bytes(answer: Answer) -> bytes:
    """A RunReportResponse, its fields in the order of their numbers."""
    rows = protobuf_rows(answer.page, answer.dimensions, answer.metrics)
    return bytes(answer.head.SerializeToString() + rows + answer.tail.SerializeToString())


def serve_grpc(api: Ga4, log: logging.Logger | None) -> tuple[Any, int]:
    """Start a gRPC server on a free loopback port; returns it and the port."""
    server = grpc.server(
        ThreadPoolExecutor(WORKERS, "ga4-grpc"),
        options=[("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)],
    )
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(_handler(name, method, api, log))
        for name, method in methods(api).items()
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_secure_port(f"{LOOPBACK}:0", grpc.local_server_credentials())
    server.start()
    return server, port


def _handler(name: str, method: Method, api: Ga4, log: logging.Logger | None) -> Callable[[bytes, Any], bytes]:
    def answer(body: bytes, context: Any) -> bytes:
        metadata = dict(context.invocation_metadata())
        with api.meter.request():
            try:
                reply = method(metadata.get("authorization"), body)
            except GoogleError as error:
                api.meter.add("errors")
                if log:
                    log.info("gRPC %s %s", name, error.status)
                context.abort(getattr(grpc.StatusCode, error.status), error.message)
        if log:
            log.info("gRPC %s OK %d bytes", name, len(reply))
        return reply

    return answer
