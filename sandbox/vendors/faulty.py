"""Faults of HTTP itself: answers instead of answers, and bodies that do not arrive as they were sent."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace

from sandbox.faults import Action, Call, FaultPlan
from sandbox.faults.rules import NOTHING
from sandbox.vendors.web import Delivery, Handler, Reply, Request

MAINTENANCE = (
    b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head>"
    b"<body><h1>We are setting things up</h1></body></html>\n"
)
_GZIP = 16 + zlib.MAX_WBITS
ErrorReply = Callable[[Action, int], Reply]


def instead(action: Action, error: ErrorReply, path: str) -> Reply | None:
    """The reply that comes instead of an answer, or None when there is an answer.

    ``error`` writes an error of this action and status in the vendor's own shape.
    """
    if action.redirect is not None:
        return Reply(action.status or 302, b"", "text/html", {"Location": action.redirect + path})
    if action.body is not None:
        is_markup = action.body.lstrip().startswith("<")
        return Reply(action.status or 200, action.body.encode(), "text/html" if is_markup else "application/json")
    if action.html:
        return Reply(action.status or 200, MAINTENANCE, "text/html; charset=UTF-8")
    return None if action.status is None else error(action, action.status)


def delivered(reply: Reply, action: Action) -> Reply:
    """The reply as the network delivers it."""
    if action == NOTHING:
        return reply
    body, headers = reply.body, dict(reply.headers)
    if action.corrupt_gzip:
        if headers.get("Content-Encoding") != "gzip":
            packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
            body, headers["Content-Encoding"] = packer.compress(body) + packer.flush(), "gzip"
        middle = len(body) // 2
        body = body[:middle] + bytes(byte ^ 0xFF for byte in body[middle : middle + 8]) + body[middle + 8 :]
    if action.truncate_body_at is not None:
        body = body[: action.truncate_body_at]
    delivery = Delivery(cut_at=action.cut_body_at, seconds=action.slow_loris_seconds)
    return replace(reply, body=body, headers=headers, delivery=None if delivery == Delivery() else delivery)


def faulty(plan: FaultPlan, vendor: str, error: ErrorReply, handler: Handler) -> Handler:
    """A handler of a vendor whose answers only HTTP can spoil."""

    def handle(request: Request) -> Reply:
        action = plan.fire(Call(vendor, request.method, request.path)).action
        plan.wait(action, request.is_wanted)
        reply = instead(action, error, request.path) or handler(request)
        return delivered(reply, action)

    return handle
