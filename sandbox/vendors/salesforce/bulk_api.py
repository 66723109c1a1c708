"""Bulk API 2.0 queries over HTTP."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sandbox.vendors.salesforce.api import DATA, VERSION, OrgApi
from sandbox.vendors.salesforce.encode import csv_header, csv_rows
from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.salesforce.jobs import (
    DEFAULT_RESULTS_PAGE,
    DELIMITERS,
    FAILURE,
    LINE_ENDINGS,
    Job,
    locator_of,
    row_of,
)
from sandbox.vendors.web import Reply, Request, Route, json_reply

_GZIP = 16 + zlib.MAX_WBITS


class BulkApi:
    """``/jobs/query`` of one org."""

    def __init__(self, org: OrgApi) -> None:
        self._org = org
        self._jobs = org.jobs

    def routes(self) -> list[Route]:
        """The routes of query jobs."""
        jobs = f"{DATA}/{VERSION}/jobs/query"
        guarded = self._org.guarded
        return [
            ("POST", jobs, guarded(self._create)),
            ("GET", jobs, guarded(self._list)),
            ("GET", f"{jobs}/{{job}}", guarded(self._state)),
            ("PATCH", f"{jobs}/{{job}}", guarded(self._abort)),
            ("DELETE", f"{jobs}/{{job}}", guarded(self._delete)),
            ("GET", f"{jobs}/{{job}}/results", guarded(self._results)),
        ]

    def _create(self, request: Request, now: datetime) -> Reply:
        self._org.usage.job(now)
        payload, version = _payload(request), request.parts["version"][1:]
        action = request.fault.action
        data = self._org.data_for(request)
        job = self._jobs.create(payload, version, now, data, action.job_state, action.compound_field)
        return json_reply(job.body(is_new=True))

    def _list(self, request: Request, now: datetime) -> Reply:
        records = [job.body(is_new=False) for job in self._jobs.all()]
        return json_reply({"done": True, "nextRecordsUrl": None, "records": records})

    def _state(self, request: Request, now: datetime) -> Reply:
        body, claimed = self._job(request).body(is_new=False), request.fault.action.job_state
        if claimed is not None:
            body |= {"state": claimed} | ({"errorMessage": FAILURE} if claimed == "Failed" else {})
        return json_reply(body)

    def _abort(self, request: Request, now: datetime) -> Reply:
        if _payload(request).get("state") != "Aborted":
            raise SalesforceError("INVALIDJOBSTATE", "A query job's state can only be set to Aborted")
        return json_reply(self._jobs.abort(self._job(request).id).body(is_new=False))

    def _delete(self, request: Request, now: datetime) -> Reply:
        self._jobs.delete(self._job(request).id)
        return Reply(204)

    def _results(self, request: Request, now: datetime) -> Reply:
        job = self._job(request)
        if job.result is None:
            raise SalesforceError("INVALIDJOBSTATE", f"Results are not available for a job in state {job.state}")
        action, locator = request.fault.action, request.query.get("locator")
        if action.expire_locator and locator:
            raise SalesforceError("INVALID_LOCATOR", "Invalid query locator")
        count = action.shrink_page or _whole(request.query.get("maxRecords"), DEFAULT_RESULTS_PAGE)
        start, total = row_of(locator) if locator else 0, job.result.rows.num_rows
        page = job.result.slice(start, count)
        sent = page.under(action)
        dialect = (DELIMITERS[job.delimiter], LINE_ENDINGS[job.line_ending])
        body = csv_header(sent, *dialect) + csv_rows(sent, *dialect)
        self._org.meter.add("rows", sent.rows.num_rows)
        announced = 0 if action.empty else page.rows.num_rows
        announced = announced if action.wrong_header_count is None else action.wrong_header_count
        following = start if action.repeat_locator else start + count
        is_last = not action.repeat_locator and following >= total
        headers = {
            "Sforce-NumberOfRecords": str(announced),
            "Sforce-Locator": "null" if is_last or action.empty else locator_of(following),
        }
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = _gzipped(body)
        return Reply(200, body, "text/csv", headers)

    def _job(self, request: Request) -> Job:
        job = self._jobs.get(request.parts["job"])
        if f"v{job.api_version}" != request.parts["version"]:
            message = f"The job was created with API version {job.api_version}"
            raise SalesforceError("API_VERSION_MISMATCH", message, 409)
        return job


def _payload(request: Request) -> dict[str, Any]:
    try:
        payload = request.json()
    except ValueError as error:
        raise SalesforceError("JSON_PARSER_ERROR", "The request body is not valid JSON") from error
    if not isinstance(payload, dict):
        raise SalesforceError("JSON_PARSER_ERROR", "The request body is not a JSON object")
    return payload


def _whole(text: str | None, default: int) -> int:
    if not text:
        return default
    if not text.isdigit() or int(text) == 0:
        raise SalesforceError("INVALID_ARGUMENT", "maxRecords must be a whole number above 0")
    return int(text)


def _gzipped(body: bytes) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()
