"""Jobs that exist at the org though nobody wrote them down: the process was killed, or the answer lost, in between.

The org lists its jobs without their queries. Ours are those of our user, of the announced object, from about when the
announcement was made; another program with the same user would have to ask for the same object at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from simple_salesforce.api import Salesforce

from connectors.errors import ConnectorError
from connectors.salesforce.adapter import DEADLINE_SECONDS
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.ledger import JobLedger, Lost

CLOCKS_APART = timedelta(minutes=1)
CREATED_WITHIN = timedelta(seconds=DEADLINE_SECONDS)


def write_down_lost_jobs(client: SalesforceClient, ledger: JobLedger) -> None:
    """Find them and put them into the ledger, where they are orphans. What cannot be asked now is asked next time."""
    lost = ledger.lost()
    if not lost:
        return
    with suppress(ConnectorError):
        jobs = list(_listed(client))
        for announcement in lost:
            for job in jobs:
                if _is_of(announcement, job, client.meter.user_id):
                    ledger.adopt(str(job["id"]))
            announcement.file.unlink(missing_ok=True)


def _is_of(announcement: Lost, job: dict[str, Any], user_id: str | None) -> bool:
    created = datetime.fromisoformat(str(job["createdDate"]))
    is_then = announcement.at - CLOCKS_APART <= created <= announcement.at + CREATED_WITHIN
    is_ours = user_id is not None and job.get("createdById") == user_id
    return is_then and is_ours and (job.get("operation"), job.get("object")) == ("queryAll", announcement.object_name)


def _listed(client: SalesforceClient) -> Iterator[dict[str, Any]]:
    """All query jobs the org keeps. ``nextRecordsUrl`` leads to more, and is empty on the last page."""
    client.check()  # who we are is known once logged in
    page = client.call(lambda sf: _page(sf, f"{sf.bulk2_url}query"))
    seen: set[str] = set()
    while True:
        yield from page["records"]
        following = page.get("nextRecordsUrl")
        if page["done"] or not following or following in seen:
            return
        seen.add(following)
        page = client.call(lambda sf, url=following: _page(sf, f"https://{sf.sf_instance}{url}"))  # type: ignore[misc]


def _page(salesforce: Salesforce, url: str) -> dict[str, Any]:
    answer = salesforce.session.get(url, headers={"Authorization": f"Bearer {salesforce.session_id}"})
    page: dict[str, Any] = answer.json()
    return {"records": page["records"], "done": page["done"], "nextRecordsUrl": page.get("nextRecordsUrl")}
