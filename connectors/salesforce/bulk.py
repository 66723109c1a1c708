"""Bulk API 2.0 query jobs: create and poll through simple-salesforce's client, result pages through its session.

The library's own download writes pages to temporary files, waits 5 s between polls and compares no row counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from simple_salesforce.api import Salesforce
from simple_salesforce.bulk2 import Operation

from connectors.errors import ConnectorError, IncompleteResponse, RetriableError
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.faults import BulkFailed, NoSuchResource
from connectors.salesforce.ledger import JobLedger, query_hash
from connectors.salesforce.lost_jobs import write_down_lost_jobs
from connectors.salesforce.stream_specs import SOURCE

PAGE_ROWS = 20_000
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS, POLL_GROWTH = 0.05, 5.0, 1.5
DEADLINE_SECONDS = 1_800.0


@dataclass(frozen=True, slots=True)
class CsvPage:
    """The bytes of one result page, the rows its header announces and the locator of the next ('' at the end)."""

    content: bytes
    rows: int
    next_locator: str


def iter_csv_pages(
    client: SalesforceClient, object_name: str, query: str, ledger: JobLedger | None = None
) -> Iterator[CsvPage]:
    """Run a query as a job (deleted rows included) and yield its pages; the job is deleted afterwards, come what may.

    A job of the same query that a killed process left in the ``ledger`` is gone on with. Raises BulkFailed when the job
    fails or takes too long, IncompleteResponse when the pages do not add up to the rows the job processed.
    """
    with _job(client, object_name, query, ledger) as job_id:
        processed = _wait(client, object_name, job_id)
        received = 0
        for page in _pages(client, job_id):
            received += page.rows
            if received > processed:
                break
            yield page
        if received != processed:
            raise IncompleteResponse(
                f"{received} of {processed} processed rows arrived", source=SOURCE, scope=client.connection.name
            )


def delete_orphans(client: SalesforceClient, ledger: JobLedger) -> int:
    """Delete the jobs that killed processes left; returns how many there were."""
    write_down_lost_jobs(client, ledger)
    orphans = ledger.orphans()
    for orphan in orphans:
        _dispose(client, orphan.job_id, ledger)
    return len(orphans)


def _jobs(salesforce: Salesforce, object_name: str) -> Any:
    # Made anew for each call: the handler keeps the token of the moment it was made.
    return getattr(salesforce.bulk2, object_name)._client


@contextmanager
def _job(client: SalesforceClient, object_name: str, query: str, ledger: JobLedger | None) -> Iterator[str]:
    with ExitStack() as held:
        job_id = _adopted(client, object_name, query, ledger)
        with ledger.announced(object_name, client.org_clock()) if ledger and not job_id else nullcontext():
            job_id = job_id or _created(client, object_name, query)
            if ledger:
                held.enter_context(ledger.own(job_id, query))
        try:
            yield job_id
        finally:
            _dispose(client, job_id, ledger)


def _created(client: SalesforceClient, object_name: str, query: str) -> str:
    job_id = str(client.call(lambda sf: _jobs(sf, object_name).create_job(Operation.query_all, query)["id"]))
    client.meter.count_job()
    return job_id


def _adopted(client: SalesforceClient, object_name: str, query: str, ledger: JobLedger | None) -> str | None:
    """A job that was left behind with this very query (so with this very window), if it is still good."""
    wanted = query_hash(query)
    for orphan in ledger.orphans() if ledger else ():
        if orphan.query_hash == wanted and _is_good(client, object_name, orphan.job_id):
            return orphan.job_id
    return None


def _is_good(client: SalesforceClient, object_name: str, job_id: str) -> bool:
    try:
        state, _ = client.call(lambda sf: _state(_jobs(sf, object_name).get_job(job_id, is_query=True)))
    except NoSuchResource:
        return False
    return state not in ("Failed", "Aborted")


def _dispose(client: SalesforceClient, job_id: str, ledger: JobLedger | None) -> None:
    """Delete a job; one that still runs must be aborted first.

    Quietly: an error before this is the one to report. What stays in the ledger is deleted the next time.
    """
    with suppress(ConnectorError):
        try:
            _delete(client, job_id)
        except NoSuchResource:
            pass
        except ConnectorError:
            client.call(lambda sf: _abort(sf, job_id))
            _delete(client, job_id)
        if ledger:
            ledger.forget(job_id)


def _abort(salesforce: Salesforce, job_id: str) -> None:
    url = f"{salesforce.bulk2_url}query/{job_id}"
    salesforce.session.patch(url, json={"state": "Aborted"}, headers=_headers(salesforce))


def _delete(client: SalesforceClient, job_id: str) -> None:
    # Not the library's delete_job: it parses the answer's body, which is empty.
    client.call(lambda sf: sf.session.delete(f"{sf.bulk2_url}query/{job_id}", headers=_headers(sf)))


def _wait(client: SalesforceClient, object_name: str, job_id: str) -> int:
    """Rows processed, once the job is complete."""
    # Waits count by what was asked for, too: a clock that stands still must not wait for ever.
    start, waited, pause = time.monotonic(), 0.0, FIRST_POLL_SECONDS
    while True:
        try:
            state, processed = client.call(lambda sf: _state(_jobs(sf, object_name).get_job(job_id, is_query=True)))
        except NoSuchResource:
            raise _gone(client) from None
        if state == "JobComplete":
            return processed
        is_late = max(waited, time.monotonic() - start) > DEADLINE_SECONDS
        if state in ("Failed", "Aborted") or is_late:
            raise BulkFailed(
                "The bulk query did not complete",
                source=SOURCE,
                scope=client.connection.name,
                cause=f"state {state}" + (f" after {DEADLINE_SECONDS:g} s" if is_late else ""),
            )
        client.rests(pause)
        waited += pause
        pause = min(pause * POLL_GROWTH, LONGEST_POLL_SECONDS)


def _gone(client: SalesforceClient) -> RetriableError:
    return RetriableError("The bulk job is gone", source=SOURCE, scope=client.connection.name)


def _state(job: Any) -> tuple[str, int]:
    """State and rows processed so far. Raises KeyError when the answer is not a job."""
    state = str(job["state"])
    return state, int(job["numberRecordsProcessed"] if state == "JobComplete" else 0)


def _pages(client: SalesforceClient, job_id: str) -> Iterator[CsvPage]:
    """The pages in order, the next one on its way while the last is parsed."""
    seen: set[str] = set()
    with ThreadPoolExecutor(1, thread_name_prefix="bulk") as ahead:
        upcoming = ahead.submit(_page, client, job_id, "")
        while True:
            page = upcoming.result()
            if page.next_locator in seen:
                raise IncompleteResponse("A page leads back", source=SOURCE, scope=client.connection.name)
            seen.add(page.next_locator)
            if page.next_locator:
                upcoming = ahead.submit(_page, client, job_id, page.next_locator)
            yield page
            if not page.next_locator:
                return


def _page(client: SalesforceClient, job_id: str, locator: str) -> CsvPage:
    parameters: dict[str, Any] = {"maxRecords": PAGE_ROWS, **({"locator": locator} if locator else {})}

    def fetch(sf: Salesforce) -> CsvPage:
        headers = {**_headers(sf), "Accept": "text/csv"}
        answer = sf.session.get(f"{sf.bulk2_url}query/{job_id}/results", params=parameters, headers=headers)
        following = answer.headers.get("Sforce-Locator", "")
        rows = int(answer.headers["Sforce-NumberOfRecords"])
        return CsvPage(answer.content, rows, "" if following == "null" else following)

    try:
        return client.call(fetch)
    except NoSuchResource:
        raise _gone(client) from None


def _headers(salesforce: Salesforce) -> dict[str, str]:
    return {"Authorization": f"Bearer {salesforce.session_id}"}
