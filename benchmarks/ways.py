"""One way of getting the wide company's rows, in a process of its own.

``python -m benchmarks.ways <way> <rows> <folder>`` finds the servers in the folder's ``vendors.json``, and prints
one JSON line: rows fetched, and seconds of work (after imports).

- ``floor``: the bytes that ours asks for, over the same protocol, with as many threads, thrown away.
- ``ours``: landed Parquet, e-mail addresses HMACed, rows counted and checked.
- ``official``: the vendors' clients as their documentation shows them, into a list of dicts or a CSV reader.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.memory import keep_little
from connectors.periods import periods_of
from connectors.windows import days_between

CRM_TEXTS = [f"Text_{column}__c" for column in range(19)]
CRM_FIELDS = ["Id", "Email", "IsDeleted", "ConvertedDate", "CreatedDate", "SystemModstamp", *CRM_TEXTS]
SOQL = f"SELECT {', '.join(CRM_FIELDS)} FROM Lead"
FIRST_DAY, DAYS = date(2025, 1, 1), 500
NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
WORKERS = 4
LARGEST_PAGE_ROWS = 100_000
SECRET = b"benchmark-identity-key-0001"

Contract = dict[str, Any]


def days() -> tuple[date, ...]:
    """The days of the wide report."""
    return days_between(FIRST_DAY, FIRST_DAY + timedelta(days=DAYS - 1))


def salesforce_floor(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """Bulk 2.0 result pages, as bytes."""
    from benchmarks.sandbox_servers import bulk_pages, crm_session

    def work() -> int:
        session = crm_session(contract)
        base = contract["endpoints"]["salesforce_global"]
        return sum(int(page.headers["Sforce-NumberOfRecords"]) for page in bulk_pages(session, base, "gzip, deflate"))

    return work


def salesforce_ours(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """The connector's refresh of one object with 25 fields, shared out over two locales and nobody."""
    from connectors.landing import Landing
    from connectors.privacy import Pseudonymiser
    from connectors.salesforce import refresh
    from connectors.salesforce.client import SalesforceClient
    from connectors.salesforce.stream_specs import FieldSpec, SalesforceStream
    from connectors.specs import LocaleSpec, SalesforceConnection

    texts = [FieldSpec(name.removesuffix("__c").lower(), name) for name in CRM_TEXTS]
    personal = [FieldSpec("email_key", "Email", "email"), FieldSpec("converted_date", "ConvertedDate", "date")]
    stream = SalesforceStream("lead", "Lead", (*personal, *texts))
    connection = SalesforceConnection(
        name="global",
        domain="noordlicht.my",
        api_version="64.0",
        consumer_key=contract["env"]["SALESFORCE_GLOBAL_CONSUMER_KEY"],
        consumer_secret=contract["env"]["SALESFORCE_GLOBAL_CONSUMER_SECRET"],
        locale_field="Text_0__c",
        business_line_field="Text_1__c",
        visitor_field="Text_2__c",
        endpoint=contract["endpoints"]["salesforce_global"],
    )
    claims = {"nl": range(2_500), "de": range(2_500, 4_500)}
    locales = [
        LocaleSpec(code, "UTC", "", "", "global", tuple(f"text {number}" for number in values))
        for code, values in claims.items()
    ]

    def work() -> int:
        client = SalesforceClient(connection, lambda: NOW)
        with patch.object(refresh, "STREAMS", (stream,)):
            summary = refresh.refresh_connection(
                client,
                Landing(folder, lambda: NOW),
                connection,
                locales,
                clock=lambda: NOW,
                pseudonymiser=Pseudonymiser(SECRET),
                workers=WORKERS,
            )
        return summary.rows

    return work


def salesforce_official_rest(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """simple-salesforce's ``query_all_iter``, row by row."""
    client = _simple_salesforce(contract)
    return lambda: sum(1 for row in client().query_all_iter(SOQL) if row["Id"])


def salesforce_official_bulk(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """simple-salesforce's ``bulk2`` query, each page through ``csv.DictReader``."""
    import csv
    import io

    client = _simple_salesforce(contract)

    def work() -> int:
        pages = client().bulk2.Lead.query(SOQL)
        return sum(1 for page in pages for row in csv.DictReader(io.StringIO(page)) if row["Id"])

    return work


def _simple_salesforce(contract: Contract) -> Callable[[], Any]:
    import requests
    from simple_salesforce.api import Salesforce

    from benchmarks.loopback import ToLoopback

    def client() -> Any:
        session = requests.Session()
        session.mount("https://", ToLoopback(contract["endpoints"]["salesforce_global"]))
        key, secret = (contract["env"][f"SALESFORCE_GLOBAL_CONSUMER_{part}"] for part in ("KEY", "SECRET"))
        return Salesforce(
            domain="noordlicht.my", consumer_key=key, consumer_secret=secret, version="64.0", session=session
        )

    return client


def ga4_floor(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """RunReport's answers to the requests that ours makes, as bytes."""
    import grpc

    from benchmarks.sandbox_servers import RUN_REPORT, google_token, report_request
    from connectors.ga4.extract import PAGE_ROWS

    months = [(first, min(last, days()[-1])) for first, last in periods_of(days(), "month")]
    day_rows = -(-rows // DAYS)

    def pages(month: tuple[date, date]) -> Iterator[bytes]:
        count = day_rows * ((month[1] - month[0]).days + 1)
        yield from (report_request(month, offset, PAGE_ROWS) for offset in range(0, count, PAGE_ROWS))

    def work() -> int:
        options = [("grpc.max_receive_message_length", -1)]
        metadata = [("authorization", f"Bearer {google_token(contract)}")]
        endpoint = contract["endpoints"]["google_analytics"]
        with grpc.secure_channel(endpoint, grpc.local_channel_credentials(), options) as channel:
            call = channel.unary_unary(RUN_REPORT)
            with ThreadPoolExecutor(WORKERS) as pool:
                tasks = [page for month in months for page in pages(month)]
                assert all(pool.map(lambda body: len(call(body, metadata=metadata)) > 0, tasks))
        return rows

    return work


def ga4_ours(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """The connector's refresh of its widest report over all days."""
    from connectors.ga4 import refresh
    from connectors.ga4.client import GA4Client
    from connectors.ga4.streams import SESSIONS
    from connectors.landing import Landing
    from connectors.privacy import Pseudonymiser
    from connectors.specs import GA4Connection, LocaleSpec

    def work() -> int:
        endpoint = contract["endpoints"]["google_analytics"]
        connection = GA4Connection(contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"], endpoint)
        locale = LocaleSpec("nl", "Europe/Amsterdam", "EUR", "310000001", "global", ("NL",))
        with GA4Client(connection, lambda: NOW) as client, patch.object(refresh, "STREAMS", (SESSIONS,)):
            summary = refresh.refresh_locale(
                client,
                Landing(folder, lambda: NOW),
                locale,
                days(),
                clock=lambda: NOW,
                pseudonymiser=Pseudonymiser(SECRET),
                workers=WORKERS,
            )
        return summary.rows

    return work


def ga4_official(contract: Contract, rows: int, folder: Path) -> Callable[[], int]:
    """Google's client, its documented loop over rows and values, the largest page it may ask for."""
    from google.analytics.data_v1beta import BetaAnalyticsDataClient
    from google.analytics.data_v1beta.types import RunReportRequest

    from benchmarks.loopback import grpc_transport
    from benchmarks.sandbox_servers import report_request

    def work() -> int:
        client = BetaAnalyticsDataClient(transport=grpc_transport(contract))
        found: list[dict[str, str]] = []
        while len(found) < rows:
            body = report_request((days()[0], days()[-1]), len(found), LARGEST_PAGE_ROWS)
            answer: Any = client.run_report(RunReportRequest.deserialize(body))
            names = [header.name for header in (*answer.dimension_headers, *answer.metric_headers)]
            for row in answer.rows:
                values = [value.value for value in (*row.dimension_values, *row.metric_values)]
                found.append(dict(zip(names, values, strict=True)))
        return len(found)

    return work


WAYS: dict[str, Callable[[Contract, int, Path], Callable[[], int]]] = {
    "salesforce_floor": salesforce_floor,
    "salesforce_ours": salesforce_ours,
    "salesforce_official_rest": salesforce_official_rest,
    "salesforce_official_bulk": salesforce_official_bulk,
    "ga4_floor": ga4_floor,
    "ga4_ours": ga4_ours,
    "ga4_official": ga4_official,
}


def main() -> None:
    """Prepare (imports), then work, timed."""
    keep_little()
    way, rows, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    work = WAYS[way](json.loads((folder / "vendors.json").read_text()), rows, folder / "landing")
    started = time.perf_counter()
    fetched = work()
    print(json.dumps({"rows": fetched, "work_seconds": round(time.perf_counter() - started, 3)}))


if __name__ == "__main__":
    main()
