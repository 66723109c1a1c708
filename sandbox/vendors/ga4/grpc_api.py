"""The Data API over gRPC: raw bytes in, raw bytes out, plain text on loopback with local credentials."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from sandbox.faults import Action
from sandbox.faults.rules import NOTHING
from sandbox.vendors.ga4 import discovery
from sandbox.vendors.ga4.encode import protobuf_rows, varint
from sandbox.vendors.ga4.errors import GoogleError
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.service import Answer, Caller, Ga4
from sandbox.vendors.web import LOOPBACK

SERVICE = "google.analytics.data.v1beta.BetaAnalyticsData"
_BATCH_REPORT = b"\x0a"  # BatchRunReportsResponse.reports = 1, length-delimited
# More than the concurrent requests of one property, so that the quota refuses and not the server's queue.
WORKERS = 48

Method = Callable[[Caller, bytes], tuple[bytes, Action]]


def methods(api: Ga4) -> dict[str, Method]:
    """Each RPC as a function of who asks and the request's bytes."""

    def run_report(caller: Caller, body: bytes) -> tuple[bytes, Action]:
        answer = api.run_report(caller, messages().run_report_request.FromString(body))
        return message_bytes(answer), answer.fault

    def batch_run_reports(caller: Caller, body: bytes) -> tuple[bytes, Action]:
        answers = api.batch_run_reports(caller, messages().batch_request.FromString(body))
        reports = [message_bytes(answer) for answer in answers]
        kind = bytes(messages().batch_response(kind="analyticsData#batchRunReports").SerializeToString())
        whole = b"".join(_BATCH_REPORT + varint(len(report)) + report for report in reports) + kind
        return whole, answers[0].fault if answers else NOTHING

    def get_metadata(caller: Caller, body: bytes) -> tuple[bytes, Action]:
        name = messages().metadata_request.FromString(body).name.removesuffix("/metadata")
        action = api.charged("GetMetadata", caller, name)
        message = discovery.metadata(name.rpartition("/")[2], action.remove_field)
        return bytes(message.SerializeToString()), action

    def check_compatibility(caller: Caller, body: bytes) -> tuple[bytes, Action]:
        request = messages().compatibility_request.FromString(body)
        action = api.charged("CheckCompatibility", caller, request.property)
        return bytes(discovery.compatibility(request, action.remove_field).SerializeToString()), action

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


def _delivered(api: Ga4, message: bytes, action: Action) -> bytes:
    """The message as the network delivers it; gRPC itself notices what is not what was packed."""
    if action.slow_loris_seconds:
        api.faults.wait(Action(delay_seconds=action.slow_loris_seconds))
    if action.corrupt_gzip:
        raise GoogleError("INTERNAL", "Error decompressing the message")
    cut_at = action.cut_body_at if action.truncate_body_at is None else action.truncate_body_at
    return message if cut_at is None else message[:cut_at]


def _handler(name: str, method: Method, api: Ga4, log: logging.Logger | None) -> Callable[[bytes, Any], bytes]:
    def answer(body: bytes, context: Any) -> bytes:
        metadata = dict(context.invocation_metadata())
        with api.meter.request():
            try:
                reply = _delivered(api, *method(Caller(metadata.get("authorization"), context.is_active), body))
            except GoogleError as error:
                api.meter.error(error.http_status)
                if log:
                    log.info("gRPC %s %s", name, error.status)
                context.abort(getattr(grpc.StatusCode, error.status, grpc.StatusCode.UNKNOWN), error.message)
        if log:
            log.info("gRPC %s OK %d bytes", name, len(reply))
        return reply

    return answer
