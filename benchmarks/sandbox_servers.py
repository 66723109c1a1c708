"""How fast the sandbox's servers are: rows a second for each way of getting rows out of them.

``python -m benchmarks.sandbox_servers`` starts the vendors of a made-up company in a process of their own, fetches
raw bytes (nothing is decoded), and prints one JSON object: for each way the rows, the wall-clock and server CPU
seconds of a first fetch, and rows a second by both. Servers are fast enough when no figure is below 100,000.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pyarrow as pa
import requests
from google.analytics.data_v1beta import types
from google.oauth2 import service_account

from sandbox.company.ids import checksum
from sandbox.company.locales import LOCALES
from sandbox.company.restatement import SESSION_DIMENSIONS
from sandbox.company.store import Company
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.ga4.quota import QuotaLimits
from sandbox.vendors.network import Network
from sandbox.vendors.salesforce.limits import OrgLimits

GA4_ROWS, CRM_ROWS, CRM_TEXT_COLUMNS = 250_000, 200_000, 19
FIRST_DAY, DAYS = date(2025, 1, 1), 500
ID_CHECK = checksum("00Q1E0000000000")  # the same for all: it tells capitals from small letters
METRICS = ("sessions", "engagedSessions", "screenPageViews")
OTHER_METRICS = ("userEngagementDuration", "keyEvents")
PROPERTY = LOCALES[0].property_id
RUN_REPORT = "/google.analytics.data.v1beta.BetaAnalyticsData/RunReport"
SCOPE = "https://www.googleapis.com/auth/analytics.readonly"


class WideCompany(Company):
    """A company of one wide GA4 report over 500 days, and one wide object."""

    def __init__(self, ga4_rows: int = GA4_ROWS, crm_rows: int = CRM_ROWS) -> None:
        super().__init__(8, 1.0, {}, LOCALES[:1])
        self._sessions = _sessions(np.random.default_rng(7), ga4_rows)
        self._leads = _leads(np.random.default_rng(8), crm_rows)

    def ga4_sessions(self, property_id: str) -> pa.Table:
        """The report; every row is a tuple of its own."""
        return self._sessions

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        """The records, one version each."""
        return self._leads


def _sessions(rng: np.random.Generator, rows: int) -> pa.Table:
    number, day_rows = np.arange(rows), -(-rows // DAYS)
    days = np.datetime64(FIRST_DAY) + number // day_rows
    words = {name: day_rows if name == "landingPage" else 12 for name in SESSION_DIMENSIONS[1:]}
    columns: dict[str, Any] = {"date": pa.array(days)}
    for name, size in words.items():
        codes = number % day_rows if name == "landingPage" else rng.integers(0, size, rows)
        values = pa.array([f"{name.lower()}-value-{code:03d}" for code in range(size)])
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), values)
    for name in (*METRICS, *OTHER_METRICS):
        columns[name] = pa.array(rng.integers(1, 5_000, rows))
    columns["provisional_campaign"] = pa.array(np.zeros(rows, dtype=bool))
    return pa.table(columns)


def _leads(rng: np.random.Generator, rows: int) -> pa.Table:
    number = range(rows)
    stamps = pa.array(np.datetime64("2025-06-01T00:00:00.000", "ms") + np.arange(rows) * 1_000)
    stamps = stamps.cast(pa.timestamp("ms", "UTC"))
    columns: dict[str, Any] = {
        "Id": pa.array([f"00Q1E{row:010d}{ID_CHECK}" for row in number]),
        "Email": pa.array([f"person.{row}@company-{row % 997}.example" for row in number]),
        "IsDeleted": pa.array(np.zeros(rows, dtype=bool)),
        "ConvertedDate": pa.array(np.datetime64("2025-06-01") + rng.integers(0, 300, rows)),
        "CreatedDate": stamps,
        "SystemModstamp": stamps,
    }
    for column in range(CRM_TEXT_COLUMNS):
        columns[f"Text_{column}__c"] = pa.array([f"text {code}" for code in rng.integers(0, 5_000, rows)])
    columns |= {"commit_at": stamps, "is_purged": pa.array(np.zeros(rows, dtype=bool))}
    return pa.table(columns)


def serve(*rows: int) -> None:
    """The child: print the contract, then this process's CPU seconds for every line on stdin.

    ``rows`` are those of the report and of the object. No quota ends a measurement.
    """
    settings = Settings(QuotaLimits(*[10**9] * 3), OrgLimits(api_requests=10**9))
    with tempfile.TemporaryDirectory() as state:
        network = Network(Cast(Path(state), WideCompany(*rows), date(2026, 7, 1), settings))
        sys.stdout.write(json.dumps(network.contract) + "\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            sys.stdout.write(f"{time.process_time()}\n")
            sys.stdout.flush()
        network.stop()


class Child:
    """The server process."""

    def __init__(self, *rows: int) -> None:
        command = [sys.executable, "-m", "benchmarks.sandbox_servers", "--serve", *map(str, rows)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.contract: dict[str, Any] = json.loads(self._line())

    def cpu_seconds(self) -> float:
        """What the servers have used so far."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        """End it."""
        self.process.communicate()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()


def _measured(child: Child, fetch: Callable[[], int]) -> dict[str, float]:
    cpu, start = child.cpu_seconds(), time.perf_counter()
    rows = fetch()
    seconds, cpu = time.perf_counter() - start, child.cpu_seconds() - cpu
    return {
        "rows": rows,
        "seconds": round(seconds, 3),
        "server_cpu_seconds": round(cpu, 3),
        "rows_per_second": round(rows / seconds),
        "rows_per_server_cpu_second": round(rows / cpu),
    }


def google_token(contract: dict[str, Any]) -> str:
    """A bearer token for the report."""
    from google.auth.transport.requests import Request

    key = json.loads(contract["env"]["GOOGLE_ANALYTICS_CREDENTIALS"])
    credentials = service_account.Credentials.from_service_account_info(key, scopes=[SCOPE])  # type: ignore[no-untyped-call]
    credentials.refresh(Request())
    return str(credentials.token)


def report_request(span: tuple[date, date], offset: int, limit: int) -> bytes:
    """A page of the report over some days, with all its metrics."""
    request = _report_request(span[0].isoformat(), span[1].isoformat())
    request.metrics.extend(types.Metric(name=name) for name in OTHER_METRICS)
    request.offset, request.limit = offset, limit
    return bytes(types.RunReportRequest.serialize(request))


def _report_request(first: str, last: str = "2026-06-30") -> Any:
    return types.RunReportRequest(
        property=f"properties/{PROPERTY}",
        dimensions=[types.Dimension(name=name) for name in SESSION_DIMENSIONS],
        metrics=[types.Metric(name=name) for name in METRICS],
        date_ranges=[types.DateRange(start_date=first, end_date=last)],
        order_bys=[{"dimension": {"dimension_name": name}} for name in SESSION_DIMENSIONS],
        limit=GA4_ROWS,
    )


def _fetch_grpc(endpoint: str, token: str) -> int:
    options = [("grpc.max_receive_message_length", -1)]
    with grpc.secure_channel(endpoint, grpc.local_channel_credentials(), options) as channel:
        call = channel.unary_unary(RUN_REPORT)
        body = types.RunReportRequest.serialize(_report_request("2025-01-01"))
        answer = call(body, metadata=[("authorization", f"Bearer {token}")])
    assert len(answer) > GA4_ROWS
    return GA4_ROWS


def _fetch_rest(endpoint: str, token: str) -> int:
    # Another first day than over gRPC, so that nothing comes from the servers' cache.
    body = types.RunReportRequest.to_json(_report_request("2024-12-31"), including_default_value_fields=False)
    url = f"{endpoint}/v1beta/properties/{PROPERTY}:runReport"
    answer = requests.post(url, data=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    answer.raise_for_status()
    assert answer.content.count(b'"dimensionValues"') == GA4_ROWS
    return GA4_ROWS


def crm_session(contract: dict[str, Any]) -> requests.Session:
    """A session that is logged in."""
    env = contract["env"]
    key, secret = env["SALESFORCE_GLOBAL_CONSUMER_KEY"], env["SALESFORCE_GLOBAL_CONSUMER_SECRET"]
    session = requests.Session()
    url = contract["endpoints"]["salesforce_global"] + "/services/oauth2/token"
    answer = session.post(url, {"grant_type": "client_credentials"}, auth=(key, secret), timeout=60).json()
    session.headers["Authorization"] = f"Bearer {answer['access_token']}"
    session.auth = None
    return session


def _soql() -> str:
    names = ["Id", "Email", "IsDeleted", "ConvertedDate", "CreatedDate", "SystemModstamp"]
    return f"SELECT {', '.join(names + [f'Text_{column}__c' for column in range(CRM_TEXT_COLUMNS)])} FROM Lead"


def _fetch_query(session: requests.Session, base: str) -> int:
    rows, answer = 0, session.get(f"{base}/services/data/v64.0/query", params={"q": _soql()}, timeout=60).content
    while True:
        rows += answer.count(b'"attributes"')
        head = answer[:200]
        if b'"nextRecordsUrl":"' not in head:
            return rows
        answer = session.get(base + head.split(b'"nextRecordsUrl":"')[1].split(b'"')[0].decode(), timeout=60).content


def _fetch_bulk(session: requests.Session, base: str, encoding: str) -> int:
    return sum(int(page.headers["Sforce-NumberOfRecords"]) for page in bulk_pages(session, base, encoding))


def bulk_pages(session: requests.Session, base: str, encoding: str) -> Iterator[requests.Response]:
    """The result pages of a job that selects everything, read to their ends."""
    jobs = f"{base}/services/data/v64.0/jobs/query"
    job = session.post(jobs, json={"operation": "query", "query": _soql()}, timeout=60).json()
    while session.get(f"{jobs}/{job['id']}", timeout=60).json()["state"] != "JobComplete":
        time.sleep(0.01)
    locator = ""
    while locator != "null":
        answer = session.get(
            f"{jobs}/{job['id']}/results",
            params={"maxRecords": "50000", "locator": locator},
            headers={"Accept-Encoding": encoding},
            timeout=60,
        )
        locator = answer.headers["Sforce-Locator"]
        yield answer


def measure() -> dict[str, dict[str, float]]:
    """All figures."""
    child = Child()
    try:
        contract = child.contract
        endpoints, token, crm = contract["endpoints"], google_token(contract), crm_session(contract)
        base = endpoints["salesforce_global"]
        # The first request pays for Google's message types; that is start-up, not throughput.
        requests.get(
            f"{endpoints['google_analytics_rest']}/v1beta/properties/{PROPERTY}/metadata",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ).raise_for_status()
        ways: dict[str, Callable[[], int]] = {
            "ga4_grpc": lambda: _fetch_grpc(endpoints["google_analytics"], token),
            "ga4_rest": lambda: _fetch_rest(endpoints["google_analytics_rest"], token),
            "salesforce_rest": lambda: _fetch_query(crm, base),
            "salesforce_bulk": lambda: _fetch_bulk(crm, base, "identity"),
            "salesforce_bulk_gzip": lambda: _fetch_bulk(crm, base, "gzip"),
        }
        return {name: _measured(child, fetch) for name, fetch in ways.items()}
    finally:
        child.close()


def main() -> dict[str, dict[str, float]]:
    """Print the figures and return them."""
    results = measure()
    print(json.dumps(results, indent=2))
    return results


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve(*map(int, sys.argv[2:]))
    else:
        main()
