"""The Data API over REST: the same answers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from google.protobuf import json_format  # type: ignore[import-untyped]

from sandbox.vendors.ga4 import discovery
from sandbox.vendors.ga4.encode import json_rows
from sandbox.vendors.ga4.errors import GoogleError, invalid
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.service import Answer, Ga4
from sandbox.vendors.web import Reply, Request, Route


def routes(api: Ga4) -> list[Route]:
    """The REST routes of the Data API."""

    def run_report(request: Request) -> bytes:
        message = _parsed(messages().run_report_request, request)
        return _json(api.run_report(request.headers.get("Authorization"), message))

    def batch_run_reports(request: Request) -> bytes:
        message = _parsed(messages().batch_request, request)
        answers = api.batch_run_reports(request.headers.get("Authorization"), message)
        reports = b",".join(_json(answer) for answer in answers)
        return b'{"reports":[' + reports + b'],"kind":"analyticsData#batchRunReports"}'

    def get_metadata(request: Request) -> bytes:
        api.charged(request.headers.get("Authorization"), _property(request))
        return orjson.dumps(json_format.MessageToDict(discovery.metadata(request.parts["property"])))

    def check_compatibility(request: Request) -> bytes:
        api.charged(request.headers.get("Authorization"), _property(request))
        message = discovery.compatibility(_parsed(messages().compatibility_request, request))
        return orjson.dumps(json_format.MessageToDict(message))

    base = "/v1beta/properties/{property:[^/:]+}"
    return [
        ("POST", f"{base}:runReport", _guarded(api, run_report)),
        ("POST", f"{base}:batchRunReports", _guarded(api, batch_run_reports)),
        ("POST", f"{base}:checkCompatibility", _guarded(api, check_compatibility)),
        ("GET", f"{base}/metadata", _guarded(api, get_metadata)),
    ]


def _guarded(api: Ga4, answer: Callable[[Request], bytes]) -> Callable[[Request], Reply]:
    def handle(request: Request) -> Reply:
        with api.meter.request():
            try:
                return Reply(body=answer(request), content_type="application/json; charset=UTF-8")
            except GoogleError as error:
                api.meter.add("errors")
                return Reply(error.http_status, orjson.dumps(error.body()), "application/json; charset=UTF-8")

    return handle


def _property(request: Request) -> str:
    return f"properties/{request.parts['property']}"


def _parsed(message_type: Any, request: Request) -> Any:
    message = message_type()
    try:
        json_format.Parse(request.body or b"{}", message)
    except json_format.ParseError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    message.property = _property(request)
    return message


def _json(answer: Answer) -> bytes:
    rows = json_rows(answer.page, answer.dimensions, answer.metrics)
    head = orjson.dumps(json_format.MessageToDict(answer.head))[:-1]
    tail = orjson.dumps(json_format.MessageToDict(answer.tail))[1:]
    middle = b'"rows":' + rows + b"," if answer.page.num_rows else b""
    return head + (b"," if len(head) > 1 else b"") + middle + tail
