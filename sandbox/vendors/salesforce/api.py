"""One org over HTTP: OAuth, REST query, describe, limits, replication; Bulk 2.0 is in ``bulk_api``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import orjson

from sandbox.faults import Call, FaultPlan
from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.company import CrmRecords
from sandbox.vendors.faulty import delivered, instead
from sandbox.vendors.memo import Memo
from sandbox.vendors.meters import Meter
from sandbox.vendors.salesforce.alterations import AlteredCompany, knowledge_of
from sandbox.vendors.salesforce.calls import call_of, error_reply
from sandbox.vendors.salesforce.cursors import Cursors
from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.describe import describe, sobjects
from sandbox.vendors.salesforce.encode import json_records
from sandbox.vendors.salesforce.errors import SalesforceError, not_found
from sandbox.vendors.salesforce.jobs import Jobs
from sandbox.vendors.salesforce.limits import OrgLimits, OrgUsage
from sandbox.vendors.salesforce.oauth import ConnectedApp, token_error
from sandbox.vendors.salesforce.query import Result, run
from sandbox.vendors.salesforce.replication import deleted, updated
from sandbox.vendors.salesforce.soql_parser import parse
from sandbox.vendors.web import Handler, Reply, Request, Route, json_reply

DATA = "/services/data"
VERSION = "{version:v[3-6][0-9]\\.0}"
DEFAULT_PAGE, SMALLEST_PAGE = 2_000, 200
_KEPT_ALTERATIONS = 8
RESOURCES = ("sobjects", "query", "queryAll", "limits", "jobs")

Answer = Callable[[Request, datetime], Reply]


class OrgApi:
    """An org's server: its data at the virtual now, its sessions, its meters."""

    def __init__(
        self,
        company: CrmRecords,
        app: ConnectedApp,
        clock: VirtualClock,
        meter: Meter,
        limits: OrgLimits,
        faults: FaultPlan,
    ) -> None:
        self.app = app
        self.meter = meter
        self.jobs = Jobs(app.org.name, meter)
        self.usage = OrgUsage(limits, meter)
        self._company = company
        self._data = OrgData(company, app.org)
        self._altered: Memo[str, OrgData] = Memo(_KEPT_ALTERATIONS)
        self._faults = faults
        self._clock = clock
        self._cursors = Cursors()

    def routes(self) -> list[Route]:
        """The routes, Bulk API 2.0 not among them."""
        base = f"{DATA}/{VERSION}"
        return [
            ("POST", "/services/oauth2/token", self._login(self.app.token)),
            ("POST", "/services/Soap/u/{version}", self._login(self.app.soap_login)),
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
            with self.meter.request():
                fired = self._faults.fire(self._call(request))
                reply = self._reply(answer, replace(request, fault=fired), self._clock.now)
                if reply.status >= 400:
                    self.meter.error(reply.status)
                return delivered(reply, fired.action)

        return handle

    def data_for(self, request: Request) -> OrgData:
        """What the org knows, as far as this request is concerned."""
        name = self._call(request).object
        changed = [(knowledge_of(action), since) for action, since in request.fault.standing]
        if name is None or not any(action.set_fields() for action, _ in changed):
            return self._data
        object_name = self._data.spec(name).name

        def compute() -> OrgData:
            company = self._company
            for action, since in changed:
                company = AlteredCompany(company, object_name, action, since)
            return OrgData(company, self.app.org)

        return self._altered.get(f"{object_name} {changed}", compute)

    def _reply(self, answer: Answer, request: Request, now: datetime) -> Reply:
        action = request.fault.action
        self._faults.wait(action, request.is_wanted)
        if action.drain_requests:
            self.usage.drain(now, action.drain_requests)
        if action.expire_token:
            self.app.end_sessions()
        reply = instead(action, error_reply, request.path_and_query)
        if reply is None:
            try:
                if not self.app.is_session(request.headers.get("Authorization")):
                    raise SalesforceError("INVALID_SESSION_ID", "Session expired or invalid", 401)
                self.usage.call(now)
                reply = answer(request, now)
            except SalesforceError as error:
                reply = json_reply(error.body(), error.status)
        return replace(reply, headers={**reply.headers, "Sforce-Limit-Info": self.usage.header(now)})

    def _call(self, request: Request) -> Call:
        """What a fault may know of a request: locators and jobs are about the object of their query."""
        object_name, page = self._cursors.peek(request.parts.get("locator", ""))
        if "job" in request.parts:
            object_name, page = self.jobs.peek(request.parts["job"], request.query)
        return call_of(f"salesforce_{self.app.org.name}", request, object_name, page)

    def missing(self, request: Request) -> Reply:
        """Everything else: 404."""
        return self.guarded(_nothing)(request)

    def _login(self, log_in: Answer) -> Handler:
        def handle(request: Request) -> Reply:
            with self.meter.request():
                action = self._faults.fire(self._call(request)).action
                self._faults.wait(action, request.is_wanted)
                reply = instead(action, token_error, request.path) or log_in(request, self._clock.now)
                if reply.status == 200:
                    self.meter.add("logins")
                else:
                    self.meter.error(reply.status)
                return delivered(reply, action)

        return handle

    def _sobjects(self, request: Request, now: datetime) -> Reply:
        return json_reply(sobjects(self._data, _base(request)))

    def _describe(self, request: Request, now: datetime) -> Reply:
        data, action = self.data_for(request), request.fault.action
        spec = data.spec(request.parts["object"])
        return json_reply(describe(data, spec, _base(request), action.calculated_field, action.compound_field))

    def _deleted(self, request: Request, now: datetime) -> Reply:
        start, end = request.query.get("start", ""), request.query.get("end", "")
        data = self.data_for(request)
        return json_reply(deleted(data, data.spec(request.parts["object"]), start, end, now))

    def _updated(self, request: Request, now: datetime) -> Reply:
        start, end = request.query.get("start", ""), request.query.get("end", "")
        data = self.data_for(request)
        return json_reply(updated(data, data.spec(request.parts["object"]), start, end, now))

    def _query(self, request: Request, now: datetime) -> Reply:
        query = parse(request.query.get("q", ""))
        result = run(query, self.data_for(request), now, with_deleted=request.parts["verb"] == "queryAll")
        total = result.rows.num_rows
        if query.is_count:
            return json_reply({"totalSize": total, "done": True, "records": []})
        return self._page(request, result, "", _page_size(request), 0)

    def _query_more(self, request: Request, now: datetime) -> Reply:
        if request.fault.action.expire_locator:
            self._cursors.drop(request.parts["locator"])
        cursor, result, page_size, start = self._cursors.page(request.parts["locator"], now)
        return self._page(request, result, cursor, page_size, start)

    def _page(self, request: Request, result: Result, cursor: str, page_size: int, start: int) -> Reply:
        action, base, total = request.fault.action, _base(request), result.rows.num_rows
        end = start + (action.shrink_page or page_size)
        sent = result.slice(start, end - start).under(action)
        self.meter.add("rows", sent.rows.num_rows)
        following = start if action.repeat_locator else end
        state = b'"done":true'
        if action.empty:
            total = 0
        elif action.done_false_without_next:
            state = b'"done":false'
        elif end < total or action.repeat_locator:
            cursor = cursor or self._cursors.open(result, page_size, self._clock.now)
            state = b'"done":false,"nextRecordsUrl":' + orjson.dumps(f"{base}/query/{cursor}-{following}")
        elif cursor:
            self._cursors.finish(cursor)
        body = b'{"totalSize":%d,%s,"records":%s}' % (total, state, json_records(sent, base))
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
