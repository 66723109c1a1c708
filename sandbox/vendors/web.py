"""Loopback HTTP: plain functions from request to reply, served by aiohttp on a free port.

Handlers run in worker threads, so one long answer does not hold up the others.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from aiohttp import web

from sandbox.faults.plan import NO_FAULT, Fired, IsWanted, always
from sandbox.vendors.clock import VirtualClock

LOOPBACK = "127.0.0.1"
MAX_REQUEST_BYTES = 16 * 1024 * 1024
MAX_ADDRESS_BYTES = 16 * 1024  # what Salesforce takes of a query in an address; aiohttp's own limit is half
DROPS = 20  # of a body that comes slowly


@dataclass(frozen=True)
class Request:
    """What a handler needs of a request; header names are case-insensitive, ``parts`` are the path's variables.

    ``fault`` is what goes wrong with its answer, on purpose; ``is_wanted`` tells whether the client is still there.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    parts: Mapping[str, str] = field(default_factory=dict)
    fault: Fired = NO_FAULT
    is_wanted: IsWanted = always

    @property
    def path_and_query(self) -> str:
        """What follows the server's address."""
        return self.path + (f"?{urlencode(self.query)}" if self.query else "")

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is not."""
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Delivery:
    """How a body is spoilt on its way: the connection breaks after so many bytes; it takes so many seconds."""

    cut_at: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Reply:
    """An answer; ``body`` is complete, and has its final encoding."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None


Handler = Callable[[Request], Reply]
Route = tuple[str, str, Handler]


def json_reply(content: Any, status: int = 200, **headers: str) -> Reply:
    """A JSON answer."""
    return Reply(status=status, body=orjson.dumps(content), headers=headers)


async def serve_http(
    routes: list[Route],
    fallback: Handler,
    *,
    clock: VirtualClock,
    pool: ThreadPoolExecutor,
    log: logging.Logger | None,
) -> tuple[web.AppRunner, int]:
    """Serve routes (method, aiohttp path pattern, handler) on a free loopback port until the runner is cleaned up.

    A trailing slash is optional everywhere; the ``Date`` header is the virtual now. Returns the runner and the port.
    """
    app = web.Application(client_max_size=MAX_REQUEST_BYTES)
    for method, pattern, handler in [*routes, ("*", "/{anything:.*}", fallback)]:
        app.router.add_route(method, pattern, _adapt(handler, clock, pool))
        if pattern not in {"/", "/{anything:.*}"}:
            app.router.add_route(method, pattern + "/", _adapt(handler, clock, pool))
    runner = web.AppRunner(
        app, access_log=log, handle_signals=False, shutdown_timeout=1.0, max_line_size=MAX_ADDRESS_BYTES
    )
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, 0)
    await site.start()
    port: int = runner.addresses[0][1]
    return runner, port


def _adapt(handler: Handler, clock: VirtualClock, pool: ThreadPoolExecutor) -> Callable[[web.Request], Any]:
    async def answer(request: web.Request) -> web.StreamResponse:
        ours = Request(
            request.method,
            request.path,
            request.query,
            request.headers,
            await request.read(),
            request.match_info,
            is_wanted=lambda: request.transport is not None and not request.transport.is_closing(),
        )
        reply = await asyncio.get_running_loop().run_in_executor(pool, handler, ours)
        headers = {**reply.headers, "Content-Type": reply.content_type, "Date": _http_date(clock)}
        if reply.delivery is not None:
            return await _deliver(request, reply, headers)
        return web.Response(status=reply.status, body=reply.body, headers=headers)

    return answer


async def _deliver(request: web.Request, reply: Reply, headers: Mapping[str, str]) -> web.StreamResponse:
    """Promise the whole body; send it in drops, or only its beginning."""
    delivery = reply.delivery or Delivery()
    response = web.StreamResponse(status=reply.status, headers=headers)
    response.content_length = len(reply.body)
    await response.prepare(request)
    sent = reply.body if delivery.cut_at is None else reply.body[: delivery.cut_at]
    step = max(-(-len(sent) // DROPS), 1) if delivery.seconds else max(len(sent), 1)
    try:
        for start in range(0, len(sent), step):
            await response.write(sent[start : start + step])
            if delivery.seconds:
                await asyncio.sleep(delivery.seconds / DROPS)
    except ConnectionError:  # the client had enough
        return response
    if len(sent) < len(reply.body) and request.transport is not None:
        request.transport.close()
    return response


def _http_date(clock: VirtualClock) -> str:
    return format_datetime(clock.now, usegmt=True)
