"""The Data API over REST: the same answers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from google.protobuf import json_format  # type: ignore[import-untyped]

from sandbox.faults import Action
from sandbox.faults.rules import NOTHING
from sandbox.vendors.faulty import delivered
from sandbox.vendors.ga4 import discovery
from sandbox.vendors.ga4.encode import json_rows
from sandbox.vendors.ga4.errors import GoogleError, invalid
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.service import Answer, Caller, Ga4
from sandbox.vendors.web import Reply, Request, Route

_JSON = "application/json; charset=UTF-8"


def routes(api: Ga4) -> list[Route]:
    """The REST routes of the Data API."""

    def run_report(request: Request) -> tuple[bytes, Action]:
        message = _parsed(messages().run_report_request, request)
        answer = api.run_report(_caller(request), message)
        return _json(answer), answer.fault

    def batch_run_reports(request: Request) -> tuple[bytes, Action]:
        message = _parsed(messages().batch_request, request)
        answers = api.batch_run_reports(_caller(request), message)
        reports = b",".join(_json(answer) for answer in answers)
        whole = b'{"reports":[' + reports + b'],"kind":"analyticsData#batchRunReports"}'
        return whole, answers[0].fault if answers else NOTHING

    def get_metadata(request: Request) -> tuple[bytes, Action]:
        action = api.charged("GetMetadata", _caller(request), _property(request))
        message = discovery.metadata(request.parts["property"], action.remove_field)
        return orjson.dumps(json_format.MessageToDict(message)), action

    def check_compatibility(request: Request) -> tuple[bytes, Action]:
        action = api.charged("CheckCompatibility", _caller(request), _property(request))
        asked = _parsed(messages().compatibility_request, request)
        return orjson.dumps(json_format.MessageToDict(discovery.compatibility(asked, action.remove_field))), action

    base = "/v1beta/properties/{property:[^/:]+}"
    return [
        ("POST", f"{base}:runReport", _guarded(api, run_report)),
        ("POST", f"{base}:batchRunReports", _guarded(api, batch_run_reports)),
        ("POST", f"{base}:checkCompatibility", _guarded(api, check_compatibility)),
        ("GET", f"{base}/metadata", _guarded(api, get_metadata)),
    ]


def _guarded(api: Ga4, answer: Callable[[Request], tuple[bytes, Action]]) -> Callable[[Request], Reply]:
    def handle(request: Request) -> Reply:
        with api.meter.request():
            try:
                body, action = answer(request)
                return delivered(Reply(body=body, content_type=_JSON), action)
            except GoogleError as error:
                api.meter.error(error.http_status)
                return error.reply or Reply(error.http_status, orjson.dumps(error.body()), _JSON)

    return handle


def _caller(request: Request) -> Caller:
    return Caller(request.headers.get("Authorization"), request.is_wanted)


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
