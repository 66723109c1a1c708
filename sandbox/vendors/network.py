"""The vendors on free loopback ports: one gRPC server, and HTTP servers on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.faults import Action, FaultPlan
from sandbox.vendors.cast import DEMO_IDENTITY_KEY, Cast
from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.ecb import HISTORY_PATH
from sandbox.vendors.faulty import faulty
from sandbox.vendors.ga4 import rest_api
from sandbox.vendors.ga4.grpc_api import serve_grpc
from sandbox.vendors.google_identity import token_endpoint, token_error
from sandbox.vendors.web import LOOPBACK, Handler, Reply, Request, Route, json_reply, serve_http

HTTP_WORKERS = 32
TOKEN_PATH = "/token"  # noqa: S105 - a path, not a secret


@dataclass(frozen=True)
class Ports:
    """Where each server listens."""

    grpc: int
    google: int
    ecb: int
    control: int
    orgs: dict[str, int]


class Network:
    """Running servers. ``contract`` is what clients need to know; ``stop`` ends them."""

    def __init__(self, cast: Cast, log: logging.Logger | None = None) -> None:
        self._cast = cast
        self._log = log
        self._pool = ThreadPoolExecutor(HTTP_WORKERS, "http")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="http", daemon=True)
        self._thread.start()
        self._runners: list[web.AppRunner] = []
        self._grpc, grpc_port = serve_grpc(cast.ga4, log)
        self._ports = self._call(self._start(grpc_port))

    @property
    def contract(self) -> dict[str, Any]:
        """Process id, endpoints, and the environment that makes clients use them."""
        ports = self._ports
        key_file = self._cast.account.key_file(self._token_uri())
        env = {"GOOGLE_ANALYTICS_CREDENTIALS": json.dumps(key_file)}
        endpoints = {"google_analytics": f"{LOOPBACK}:{ports.grpc}", "google_analytics_rest": _url(ports.google)}
        for name, org in self._cast.orgs.items():
            endpoints[f"salesforce_{name}"] = _url(ports.orgs[name])
            env |= {f"SALESFORCE_{name.upper()}_{what}": value for what, value in org.app.secrets().items()}
        endpoints["ecb"] = _url(ports.ecb) + HISTORY_PATH
        env["TRECHTER_IDENTITY_KEY"] = DEMO_IDENTITY_KEY
        return {"pid": os.getpid(), "control": _url(ports.control), "endpoints": endpoints, "env": env}

    @property
    def clock(self) -> VirtualClock:
        """The calendar of all vendors."""
        return self._cast.clock

    @property
    def faults(self) -> FaultPlan:
        """What goes wrong at them."""
        return self._cast.faults

    def meters(self) -> dict[str, dict[str, int]]:
        """What each was asked to do."""
        return self._cast.metered()

    def stop(self) -> None:
        """Stop listening, let running answers end, and join every thread."""
        self.faults.clear()
        self._grpc.stop(grace=1.0).wait()
        self._call(self._stop_http())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._pool.shutdown()
        self._cast.close()

    async def _start(self, grpc_port: int) -> Ports:
        cast = self._cast
        token = faulty(cast.faults, "google_identity", token_error, self._google_token)
        google = [*rest_api.routes(cast.ga4), ("POST", TOKEN_PATH, token)]
        rates = [
            (verb, path, faulty(cast.faults, "ecb", _plain_error, handler))
            for verb, path, handler in cast.rates.routes()
        ]
        orgs = {name: await self._serve(cast.org_routes(name), org.missing) for name, org in cast.orgs.items()}
        return Ports(
            grpc_port,
            await self._serve(google, _missing),
            await self._serve(rates, _missing),
            await self._serve(cast.control.routes(), _missing),
            orgs,
        )

    async def _serve(self, routes: list[Route], fallback: Handler) -> int:
        runner, port = await serve_http(routes, fallback, clock=self._cast.clock, pool=self._pool, log=self._log)
        self._runners.append(runner)
        return port

    async def _stop_http(self) -> None:
        for runner in self._runners:
            await runner.cleanup()

    def _google_token(self, request: Request) -> Reply:
        meter = self._cast.meters["google_oauth"]
        with meter.request():
            return token_endpoint(self._cast.account, meter, request, self._token_uri())

    def _token_uri(self) -> str:
        return _url(self._ports.google) + TOKEN_PATH

    def _call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _plain_error(action: Action, status: int) -> Reply:
    return Reply(status, (action.message or "").encode(), "text/plain")


def _missing(request: Request) -> Reply:
    return json_reply({"error": {"code": 404, "message": f"{request.path} was not found.", "status": "NOT_FOUND"}}, 404)
