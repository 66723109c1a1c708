"""Bulk API 2.0 query jobs: created, run in the background, read page by page, aborted or deleted.

The rows are those of the moment the job was created. Results are kept seven days (of the sandbox's calendar).
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.vendors.meters import Meter
from sandbox.vendors.salesforce.data import OrgData
from sandbox.vendors.salesforce.errors import SalesforceError, not_found
from sandbox.vendors.salesforce.ids import made_up
from sandbox.vendors.salesforce.query import Result, check, run
from sandbox.vendors.salesforce.soql_parser import parse

KEPT = timedelta(days=7)
WORKERS = 4
DEFAULT_RESULTS_PAGE = 50_000
DELIMITERS = {"BACKQUOTE": "`", "CARET": "^", "COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "TAB": "\t"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
FAILURE = "InternalServerError: the query ran for too long"
IS_OVER = frozenset({"JobComplete", "Failed", "Aborted"})


@dataclass
class Job:
    """One query job; ``state`` moves UploadComplete → JobComplete, Failed or Aborted, and never back."""

    id: str
    operation: str
    object_name: str
    created_at: datetime
    api_version: str
    delimiter: str
    line_ending: str
    state: str = "UploadComplete"
    result: Result | None = None
    error: str = ""
    fate: str | None = None
    """The state it ends in (or, for ``InProgress``, never leaves), whatever becomes of the query."""

    def body(self, *, is_new: bool) -> dict[str, Any]:
        """What the API says of the job; the answer to its creation says less."""
        stamp = self.created_at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        body: dict[str, Any] = {
            "id": self.id,
            "operation": self.operation,
            "object": self.object_name,
            "createdById": made_up("005", 1),
            "createdDate": stamp,
            "systemModstamp": stamp,
            "state": "UploadComplete" if is_new else self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(self.api_version),
            "lineEnding": self.line_ending,
            "columnDelimiter": self.delimiter,
        }
        if is_new:
            return body
        rows = self.result.rows.num_rows if self.result else 0
        body |= {"jobType": "V2Query", "numberRecordsProcessed": rows, "retries": 0, "totalProcessingTime": rows // 500}
        return body | ({"errorMessage": self.error} if self.error else {})


class Jobs:
    """All query jobs of an org."""

    def __init__(self, org: str, meter: Meter) -> None:
        self._meter = meter
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._count = 0
        self._pool = ThreadPoolExecutor(WORKERS, f"bulk-{org}")

    def create(
        self,
        payload: dict[str, Any],
        api_version: str,
        now: datetime,
        data: OrgData,
        fate: str | None = None,
        compound: str | None = None,
    ) -> Job:
        """Check a query and start it on ``data``. Raises SalesforceError for what Bulk API 2.0 refuses at once.

        ``fate`` is how the job is to end, ``compound`` a field that passes for a compound one.
        """
        operation, delimiter = payload.get("operation"), payload.get("columnDelimiter", "COMMA")
        line_ending = payload.get("lineEnding", "LF")
        if operation not in {"query", "queryAll"} or delimiter not in DELIMITERS or line_ending not in LINE_ENDINGS:
            raise SalesforceError("INVALIDJOB", "Unsupported operation, columnDelimiter or lineEnding")
        query = parse(str(payload.get("query", "")))
        if query.is_count or query.offset:
            raise SalesforceError("API_ERROR", "Aggregate functions and OFFSET are not supported in Bulk Query")
        if (compound,) in query.select:
            message = "Selecting compound data not supported in Bulk Query"
            raise SalesforceError("FUNCTIONALITY_NOT_ENABLED", message)
        check(query, data, now)
        spec = data.spec(query.object_name)
        with self._lock:
            self._drop_expired(now)
            self._count += 1
            number = self._count
            number_id = made_up("750", number)
            job = Job(number_id, operation, spec.name, now, api_version, delimiter, line_ending, fate=fate)
            self._jobs[job.id] = job
        self._meter.add("jobs_created")
        self._meter.add("jobs_open")
        self._meter.add("jobs_kept")
        future = self._pool.submit(run, query, data, now, with_deleted=operation == "queryAll")
        job.state = "InProgress"
        future.add_done_callback(lambda done: self._finish(job, done))
        return job

    def get(self, job_id: str) -> Job:
        """A job. Raises SalesforceError NOT_FOUND."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise not_found()
        return job

    def peek(self, job_id: str, query: Mapping[str, str]) -> tuple[str | None, int]:
        """(object, page of the results counted from 1) a request about a job is about."""
        with self._lock:
            job = self._jobs.get(job_id)
        locator, count = query.get("locator", ""), query.get("maxRecords", "")
        try:
            start = row_of(locator) if locator else 0
        except SalesforceError:
            start = 0
        size = int(count) if count.isdigit() and int(count) else DEFAULT_RESULTS_PAGE
        return (job.object_name if job else None), start // size + 1

    def all(self) -> list[Job]:
        """Every job that is kept, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def abort(self, job_id: str) -> Job:
        """Stop a job. Raises SalesforceError when it is over already."""
        job = self.get(job_id)
        with self._lock:
            if job.state in IS_OVER:
                raise SalesforceError("INVALIDJOBSTATE", f"Aborting already {job.state} Job not allowed")
            job.state = "Aborted"
        self._meter.add("jobs_open", -1)
        return job

    def delete(self, job_id: str) -> None:
        """Forget a job that is over. Raises SalesforceError while it runs."""
        job = self.get(job_id)
        with self._lock:
            if job.state not in IS_OVER:
                raise SalesforceError("API_ERROR", "Job should be Aborted, Failed or JobComplete to be deleted")
            del self._jobs[job_id]
        self._meter.add("jobs_kept", -1)

    def close(self) -> None:
        """Stop the workers."""
        self._pool.shutdown(cancel_futures=True)

    def _finish(self, job: Job, done: Future[Result]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        with self._lock:
            if job.state in IS_OVER or job.fate == "InProgress":
                return
            if error is None and job.fate is None:
                job.result = done.result()
            elif job.fate != "Aborted":
                job.error = f"{type(error).__name__}: {error}" if error else FAILURE
            job.state = job.fate or ("Failed" if error else "JobComplete")
        self._meter.add("jobs_open", -1)

    def _drop_expired(self, now: datetime) -> None:
        for job in [job for job in self._jobs.values() if now - job.created_at > KEPT and job.state in IS_OVER]:
            del self._jobs[job.id]
            self._meter.add("jobs_kept", -1)


def locator_of(row: int) -> str:
    """The locator of the page that starts at a row: ``MTAwMDA`` is 10000."""
    return base64.urlsafe_b64encode(str(row).encode()).decode().rstrip("=")


def row_of(locator: str) -> int:
    """The row a locator stands for. Raises SalesforceError for one that was never given out."""
    try:
        return int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except (ValueError, binascii.Error) as error:
        raise SalesforceError("INVALID_LOCATOR", "Invalid query locator") from error
