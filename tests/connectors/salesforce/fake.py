"""A small org on loopback: login, describe, REST and bulk queries over given records, and troubles as told.

It does not read SOQL beyond the object's name and COUNT(): every query sees all of the object's records. Queries are
kept in ``queries`` to be looked at.
"""

from __future__ import annotations

import csv
import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.salesforce.client import SalesforceClient
from connectors.specs import SalesforceConnection

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
DATA = "/services/data/v64.0"


@dataclass
class Answer:
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


Trouble = Callable[[Answer], Answer]


def error(status: int, code: str, message: str = "no") -> Trouble:
    return lambda _: Answer(status, [{"errorCode": code, "message": message}])


def page(status: int) -> Trouble:
    return lambda _: Answer(status, b"<html>We are setting things up</html>", {"Content-Type": "text/html"})


@dataclass
class FakeOrg:
    """``records`` by object; ``troubles``: (pattern of "METHOD path", trouble), each befalls the first match."""

    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    jobs: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, list[str]] = field(default_factory=dict)
    rest_page: int = 2
    bulk_page: int = 3
    usage: str = "api-usage=10/1000"
    logins: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, method: str, url: str, body: bytes) -> Answer:
        path = urlsplit(url).path.rstrip("/")
        with self.lock:
            self.calls.append(f"{method} {path}")
            answer = self.answer(method, path, {k: v[0] for k, v in parse_qs(urlsplit(url).query).items()}, body)
            for number, (pattern, trouble) in enumerate(self.troubles):
                if re.search(pattern, f"{method} {path}"):
                    del self.troubles[number]
                    answer = trouble(answer)
                    break
        answer.headers = {"Content-Type": "application/json", "Sforce-Limit-Info": self.usage, **answer.headers}
        return answer

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes) -> Answer:
        tail = path.removeprefix(DATA)
        if path == "/services/oauth2/token":
            self.logins += 1
            return Answer(
                body={"access_token": f"t{self.logins}", "instance_url": "https://noordlicht.my.salesforce.com"}
            )
        if tail == "/limits":
            return Answer(body={})
        if match := re.fullmatch(r"/sobjects/(\w+)/describe", tail):
            return Answer(body={"fields": [{"name": name} for name in self.fields.get(match[1], [])]})
        if match := re.fullmatch(r"/sobjects/(\w+)/deleted", tail):
            ids = self.deleted.get(match[1], [])
            return Answer(
                body={
                    "deletedRecords": [{"id": name, "deletedDate": query["end"]} for name in ids],
                    "earliestDateAvailable": query["start"],
                    "latestDateCovered": query["end"],
                }
            )
        if tail.startswith("/jobs/query"):
            return self.job_answer(method, tail.removeprefix("/jobs/query").strip("/"), query, body)
        match = re.fullmatch(r"/query/(\w+)-(\d+)", tail)
        return self.rest_answer(match[1], int(match[2])) if match else self.first_page(query["q"])

    def first_page(self, soql: str) -> Answer:
        self.queries.append(soql)
        name = object_of(soql)
        if "COUNT()" in soql:
            return Answer(body={"totalSize": len(self.records.get(name, [])), "done": True, "records": []})
        return self.rest_answer(name, 0)

    def rest_answer(self, name: str, start: int) -> Answer:
        rows = self.records.get(name, [])
        end = start + self.rest_page
        body: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
        if end < len(rows):
            body["nextRecordsUrl"] = f"{DATA}/query/{name}-{end}"
        return Answer(body=body)

    def job_answer(self, method: str, tail: str, query: dict[str, str], body: bytes) -> Answer:
        if method == "POST":
            soql = json.loads(body)["query"]
            self.queries.append(soql)
            job = f"750{len(self.jobs):015}"
            self.jobs[job] = soql
            return Answer(body={"id": job, "state": "UploadComplete"})
        job, _, results = tail.partition("/")
        if method == "DELETE":
            del self.jobs[job]
            return Answer(204)
        rows = self.records[object_of(self.jobs[job])]
        if not results:
            return Answer(body={"id": job, "state": "JobComplete", "numberRecordsProcessed": len(rows)})
        start = int(query.get("locator", "0"))
        part = rows[start : start + self.bulk_page]
        end = start + len(part)
        headers = {"Sforce-NumberOfRecords": str(len(part)), "Sforce-Locator": str(end) if end < len(rows) else "null"}
        return Answer(200, as_csv(part, selected_of(self.jobs[job])), {**headers, "Content-Type": "text/csv"})


def object_of(soql: str) -> str:
    match = re.search(r"FROM (\w+)", soql)
    assert match
    return match[1]


def selected_of(soql: str) -> list[str]:
    return soql.removeprefix("SELECT ").split(" FROM ")[0].split(", ")


CONSTANTS = {None: "", True: "true", False: "false"}


def as_csv(rows: list[dict[str, Any]], paths: list[str]) -> bytes:
    """Every value quoted; null is the empty text; instants end in Z."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(paths)
    for row in rows:
        cells = []
        for path in paths:
            value: Any = row
            for step in path.split("."):
                value = value and value[step]
            cells.append(CONSTANTS[value] if value is None or value is True or value is False else str(value))
        writer.writerow(cells)
    return text.getvalue().replace("+0000", "Z").encode()


@contextmanager
def serving(org: FakeOrg, **settings: Any) -> Iterator[SalesforceConnection]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one packet, or each answer waits for a delayed acknowledgement

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = org.handle(self.command, self.path, body)
            content = answer.content()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(content)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_PATCH = respond

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield connection(endpoint=f"http://127.0.0.1:{server.server_port}", **settings)
    finally:
        server.shutdown()
        server.server_close()


def connection(**changed: Any) -> SalesforceConnection:
    settings: dict[str, Any] = {
        "name": "global",
        "domain": "noordlicht.my",
        "api_version": "64.0",
        "consumer_key": "the-key",
        "consumer_secret": "the-secret",
        "locale_field": "Locale__c",
        "business_line_field": "Business_Line__c",
        "visitor_field": "GA_Client_Id__c",
    }
    return SalesforceConnection(**{**settings, **changed})


@contextmanager
def client_of(org: FakeOrg, **settings: Any) -> Iterator[SalesforceClient]:
    with serving(org, **settings) as reached:
        yield SalesforceClient(reached, lambda: NOW, pause=0.001, sleep=lambda _: None)
