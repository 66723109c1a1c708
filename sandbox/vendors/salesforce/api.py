"""One org over HTTP: OAuth, REST query, describe, limits, replication; Bulk 2.0 is in ``bulk_api``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import orjson

from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.meters import Meter
from sandbox.vendors.salesforce.cursors import Cursors
from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.describe import describe, sobjects
from sandbox.vendors.salesforce.encode import json_records
from sandbox.vendors.salesforce.errors import SalesforceError, not_found
from sandbox.vendors.salesforce.jobs import Jobs
from sandbox.vendors.salesforce.limits import OrgLimits, OrgUsage
from sandbox.vendors.salesforce.oauth import ConnectedApp
from sandbox.vendors.salesforce.query import Result, run
from sandbox.vendors.salesforce.replication import deleted, updated
from sandbox.vendors.salesforce.soql_parser import parse
from sandbox.vendors.web import Handler, Reply, Request, Route, json_reply

DATA = "/services/data"
VERSION = "{version:v[3-6][0-9]\\.0}"
DEFAULT_PAGE, SMALLEST_PAGE = 2_000, 200
RESOURCES = ("sobjects", "query", "queryAll", "limits", "jobs")

Answer = Callable[[Request, datetime], Reply]


class OrgApi:
    """An org's server: its data at the virtual now, its sessions, its meters."""

    def __init__(self, data: OrgData, app: ConnectedApp, clock: VirtualClock, meter: Meter, limits: OrgLimits) -> None:
        self.data = data
        self.app = app
        self.meter = meter
        self.jobs = Jobs(data, meter)
        self.usage = OrgUsage(limits)
        self._clock = clock
        self._cursors = Cursors()

    def routes(self) -> list[Route]:
        """The routes, Bulk API 2.0 not among them."""
        base = f"{DATA}/{VERSION}"
        return [
            ("POST", "/services/oauth2/token", self._token),
            ("GET", DATA, lambda request: json_reply(_versions())),
            ("GET", base, self.guarded(lambda request, now: json_reply(_resources(request)))),
            ("GET", f"{base}/limits", self.guarded(lambda request, now: json_reply(self.usage.body(now)))),
            ("GET", f"{base}/sobjects", self.guarded(self._sobjects)),
            ("GET", f"{base}/sobjects/{{object}}/describe", self.guarded(self._describe)),
            ("GET", f"{base}/sobjects/{{object}}/deleted", self.guarded(self._deleted)),
            ("GET", f"{base}/sobjects/{{object}}/updated", self.guarded(self._updated)),
            ("GET", f"{base}/{{verb:query|queryAll}}", self.guarded(self._query)),
            ("GET", f"{base}/{{verb:query|queryAll}}/{{locator}}", self.guarded(self._query_more)),
        ]

    def guarded(self, answer: Answer) -> Handler:
        """A handler that wants a session, counts the call, and turns errors into an org's answers."""

        def handle(request: Request) -> Reply:
            now = self._clock.now
            with self.meter.request():
                try:
                    if not self.app.is_session(request.headers.get("Authorization")):
                        raise SalesforceError("INVALID_SESSION_ID", "Session expired or invalid", 401)
                    self.usage.call(now)
                    reply = answer(request, now)
                except SalesforceError as error:
                    self.meter.add("errors")
                    reply = json_reply(error.body(), error.status)
            headers = {**reply.headers, "Sforce-Limit-Info": self.usage.header(now)}
            return Reply(reply.status, reply.body, reply.content_type, headers)

        return handle

    def missing(self, request: Request) -> Reply:
        """Everything else: 404."""
        return self.guarded(_nothing)(request)

    def _token(self, request: Request) -> Reply:
        with self.meter.request():
            reply = self.app.token(request, self._clock.now)
            self.meter.add("logins" if reply.status == 200 else "errors")
            return reply

    def _sobjects(self, request: Request, now: datetime) -> Reply:
        return json_reply(sobjects(self.data, _base(request)))

    def _describe(self, request: Request, now: datetime) -> Reply:
        return json_reply(describe(self.data, self.data.spec(request.parts["object"]), _base(request)))

    def _deleted(self, request: Request, now: datetime) -> Reply:
        start, end = request.query.get("start", ""), request.query.get("end", "")
        return json_reply(deleted(self.data, self.data.spec(request.parts["object"]), start, end, now))

    def _updated(self, request: Request, now: datetime) -> Reply:
        start, end = request.query.get("start", ""), request.query.get("end", "")
        return json_reply(updated(self.data, self.data.spec(request.parts["object"]), start, end, now))

    def _query(self, request: Request, now: datetime) -> Reply:
        query = parse(request.query.get("q", ""))
        result = run(query, self.data, now, with_deleted=request.parts["verb"] == "queryAll")
        total = result.rows.num_rows
        if query.is_count:
            return json_reply({"totalSize": total, "done": True, "records": []})
        page_size = _page_size(request)
        cursor = self._cursors.open(result, page_size, now) if total > page_size else ""
        return self._page(request, result, cursor, page_size, 0)

    def _query_more(self, request: Request, now: datetime) -> Reply:
        cursor, result, page_size, start = self._cursors.page(request.parts["locator"], now)
        return self._page(request, result, cursor, page_size, start)

    def _page(self, request: Request, result: Result, cursor: str, page_size: int, start: int) -> Reply:
        base, total, end = _base(request), result.rows.num_rows, start + page_size
        records = json_records(result.slice(start, page_size), base)
        self.meter.add("rows", min(page_size, total - start))
        state = b'"done":true'
        if end < total:
            state = b'"done":false,"nextRecordsUrl":' + orjson.dumps(f"{base}/query/{cursor}-{end}")
        elif cursor:
            self._cursors.finish(cursor)
        body = b'{"totalSize":%d,%s,"records":%s}' % (total, state, records)
        return Reply(body=body, content_type="application/json;charset=UTF-8")


def _base(request: Request) -> str:
    return f"{DATA}/{request.parts['version']}"


def _page_size(request: Request) -> int:
    """``Sforce-Query-Options: batchSize=200`` to 2000; numbers outside are brought inside."""
    asked = re.search(r"batchSize=(\d+)", request.headers.get("Sforce-Query-Options", ""))
    return min(max(int(asked[1]), SMALLEST_PAGE), DEFAULT_PAGE) if asked else DEFAULT_PAGE


def _versions() -> list[dict[str, str]]:
    return [
        {"label": f"Release {version}", "url": f"{DATA}/v{version}.0", "version": f"{version}.0"}
        for version in range(50, 65)
    ]


def _resources(request: Request) -> dict[str, str]:
    return {name: f"{_base(request)}/{name}" for name in RESOURCES}


def _nothing(request: Request, now: datetime) -> Reply:
    raise not_found()
