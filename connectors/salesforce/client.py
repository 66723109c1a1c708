"""An org through simple-salesforce: sessions, describe, count, REST pages, deletions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from connectors.errors import IncompleteResponse, SessionExpired, SourceUnavailable
from connectors.rests import Rests, Sleep
from connectors.salesforce.adapter import DEADLINE_SECONDS, GuardedAdapter, Meter
from connectors.salesforce.faults import NoSuchResource
from connectors.salesforce.login import log_in
from connectors.salesforce.stream_specs import SOURCE
from connectors.specs import Clock, SalesforceConnection, require_loopback

T = TypeVar("T")

REST_CURSORS = 5
"""A user has ten query cursors at a time, then the oldest is closed; others may use the same account."""

FRUITLESS_LOGINS = 2
"""New sessions that never worked once: after these no more are asked for, or the org locks the user out."""


@dataclass(slots=True)
class _Login:
    """A session, and whether it has ever been accepted."""

    salesforce: Salesforce
    has_worked: bool = False


@dataclass(frozen=True, slots=True)
class Deletions:
    """Ids that ``getDeleted`` lists, and the instant up to which it can be relied on."""

    ids: tuple[str, ...]
    covered_until: datetime


@dataclass(frozen=True, slots=True)
class _RestPage:
    announced: int
    records: list[dict[str, Any]]
    is_last: bool
    following: str | None

    @classmethod
    def of(cls, answer: Any) -> _RestPage:
        """Raises KeyError when the answer is not a page."""
        return cls(int(answer["totalSize"]), answer["records"], answer["done"], answer.get("nextRecordsUrl"))


class SalesforceClient:
    """One org. Thread-safe; logs in at the first call and once more when the session has expired, never out.

    ``pause`` is the first wait between repeats, in seconds. Raises ConfigurationError for an ``endpoint`` elsewhere
    than on this machine.
    """

    def __init__(
        self,
        connection: SalesforceConnection,
        clock: Clock,
        *,
        pause: float = 1.0,
        sleep: Sleep | None = None,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        endpoint = connection.endpoint and require_loopback(connection.endpoint, SOURCE)
        self.connection = connection
        self.clock = clock
        self.rests = Rests(SOURCE, sleep)
        self.meter = Meter(connection.name, clock, connection.daily_calls_share)
        self._session = requests.Session()
        adapter = GuardedAdapter(
            self.meter, connection.name, clock, endpoint=endpoint, pause=pause, rests=self.rests, deadline=deadline
        )
        self._session.mount("https://", adapter)
        self._lock = threading.Lock()
        self.cursors = threading.BoundedSemaphore(REST_CURSORS)
        self._login: _Login | None = None
        self._fruitless = 0
        self._fields: dict[str, frozenset[str]] = {}

    def call(self, work: Callable[[Salesforce], T]) -> T:
        """Do something with a logged-in simple-salesforce; once more, after a new login, if the session has expired."""
        login = self._logged_in(None)
        try:
            return self._translated(work, login)
        except SessionExpired:
            return self._translated(work, self._logged_in(login))

    def check(self) -> None:
        """Prove that the account logs in and may use the API."""
        self.call(lambda salesforce: salesforce.limits())

    def server_now(self) -> datetime:
        """The org's clock (UTC), but never ahead of ours: a cursor from the future would skip what comes until then."""
        self.check()
        return self.org_clock()

    def org_clock(self) -> datetime:
        """The same as the last answer had it."""
        ours = self.clock()
        return min(self.meter.server_date or ours, ours)

    def fields_of(self, object_name: str) -> frozenset[str]:
        """Names of an object's fields that the account may see and that say when they change.

        Without formulas, which change without the record's SystemModstamp, and compound fields, which Bulk refuses.
        """
        if object_name not in self._fields:
            fields = self.call(lambda salesforce: getattr(salesforce, object_name).describe()["fields"])
            self._fields[object_name] = frozenset(
                field["name"]
                for field in fields
                if not field.get("calculated") and field.get("type") not in ("address", "location", "base64")
            )
        return self._fields[object_name]

    def has_object(self, object_name: str) -> bool:
        """Whether the org has an object; currencies, for one, exist in multi-currency orgs only."""
        try:
            return bool(self.fields_of(object_name))
        except NoSuchResource:
            return False

    def deletions(self, object_name: str, start: datetime, end: datetime) -> Deletions:
        """What left an object in [start, end) (minutes; at most 15 days back). Raises ConfigurationError if too far."""

        def ask(salesforce: Salesforce) -> Deletions:
            answer = getattr(salesforce, object_name).deleted(start.astimezone(UTC), end.astimezone(UTC))
            covered = datetime.fromisoformat(answer["latestDateCovered"])
            return Deletions(tuple(str(record["id"]) for record in answer["deletedRecords"]), covered.astimezone(UTC))

        return self.call(ask)

    def count(self, query: str) -> int:
        """Rows of a ``SELECT COUNT()``, deleted ones included."""
        return int(self.call(lambda salesforce: salesforce.query(query, include_deleted=True)["totalSize"]))

    def iter_records(self, query: str) -> Iterator[list[dict[str, Any]]]:
        """Pages of records, deleted ones included; numbers with a point are Decimals.

        Raises IncompleteResponse unless exactly as many rows arrive as announced (the library overwrites the
        announced number, and breaks off or never ends when the link to the next page is missing or repeats).
        """
        page = self.call(lambda salesforce: _RestPage.of(salesforce.query(query, include_deleted=True)))
        announced, received, seen = page.announced, 0, set()
        while True:
            received += len(page.records)
            yield page.records
            if page.is_last:
                break
            if not page.following or page.following in seen:
                raise IncompleteResponse("A page does not lead to the next", source=SOURCE, scope=self.connection.name)
            seen.add(page.following)
            page = self._more(page.following)
        if received != announced:
            raise IncompleteResponse(
                f"{received} of {announced} announced rows arrived", source=SOURCE, scope=self.connection.name
            )

    def _more(self, url: str) -> _RestPage:
        return self.call(lambda salesforce: _RestPage.of(salesforce.query_more(url, identifier_is_url=True)))

    def _logged_in(self, expired: _Login | None) -> _Login:
        """The current session, or a new one if it is the expired one: threads that notice together log in once."""
        with self._lock:
            if self._login is not None and self._login is expired:
                self._fruitless = 0 if expired.has_worked else self._fruitless + 1
                if self._fruitless >= FRUITLESS_LOGINS:
                    raise SessionExpired(
                        "The org refuses every new session",
                        source=SOURCE,
                        scope=self.connection.name,
                        next_step="Check the integration user's API permission, IP ranges and session settings.",
                    )
                self._login = None
            if self._login is None:
                self._login = _Login(log_in(self.connection, self._session))
            return self._login

    def _translated(self, work: Callable[[Salesforce], T], login: _Login) -> T:
        """Whatever still escapes the adapter; the library's errors print whole URLs, so they end here."""
        try:
            result = work(login.salesforce)
        except (SalesforceError, requests.RequestException, KeyError, ValueError) as error:
            raise SourceUnavailable(
                "Salesforce's answer cannot be understood",
                source=SOURCE,
                scope=self.connection.name,
                cause=type(error).__name__,
            ) from None
        login.has_worked = True
        return result
