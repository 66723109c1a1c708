"""An org through simple-salesforce: login with client credentials, describe, count, REST pages, bulk jobs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from connectors.errors import IncompleteResponse, SessionExpired, SourceUnavailable
from connectors.salesforce.adapter import GuardedAdapter, Meter
from connectors.salesforce.streams import SOURCE
from connectors.specs import Clock, SalesforceConnection, require_loopback

T = TypeVar("T")


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
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        endpoint = connection.endpoint and require_loopback(connection.endpoint, SOURCE)
        self.connection = connection
        self.clock = clock
        self.sleep = sleep
        self.meter = Meter(connection.name, clock)
        self._session = requests.Session()
        adapter = GuardedAdapter(self.meter, connection.name, clock, endpoint=endpoint, pause=pause, sleep=sleep)
        self._session.mount("https://", adapter)
        self._lock = threading.Lock()
        self._salesforce: Salesforce | None = None
        self._fields: dict[str, frozenset[str]] = {}

    def call(self, work: Callable[[Salesforce], T]) -> T:
        """Do something with a logged-in simple-salesforce; once more, after a new login, if the session has expired."""
        salesforce = self._logged_in(None)
        try:
            return self._translated(work, salesforce)
        except SessionExpired:
            return self._translated(work, self._logged_in(salesforce))

    def check(self) -> None:
        """Prove that the account logs in and may use the API."""
        self.call(lambda salesforce: salesforce.limits())

    def server_now(self) -> datetime:
        """The org's clock (UTC), but never ahead of ours: a cursor from the future would skip what comes until then."""
        self.check()
        ours = self.clock()
        return min(self.meter.server_date or ours, ours)

    def fields_of(self, object_name: str) -> frozenset[str]:
        """Names of an object's fields that the account may see."""
        if object_name not in self._fields:
            fields = self.call(lambda salesforce: getattr(salesforce, object_name).describe()["fields"])
            self._fields[object_name] = frozenset(field["name"] for field in fields)
        return self._fields[object_name]

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

    def _logged_in(self, expired: Salesforce | None) -> Salesforce:
        """The current session, or a new one if it is the expired one: threads that notice together log in once."""
        with self._lock:
            if self._salesforce is None or self._salesforce is expired:
                self._salesforce = Salesforce(
                    domain=self.connection.domain,
                    consumer_key=self.connection.consumer_key,
                    consumer_secret=self.connection.consumer_secret,
                    version=self.connection.api_version,
                    session=self._session,
                    parse_float=Decimal,
                    object_pairs_hook=None,
                )
            return self._salesforce

    def _translated(self, work: Callable[[Salesforce], T], salesforce: Salesforce) -> T:
        """Whatever still escapes the adapter; the library's errors print whole URLs, so they end here."""
        try:
            return work(salesforce)
        except (SalesforceError, requests.RequestException, KeyError) as error:
            raise SourceUnavailable(
                "Salesforce's answer cannot be understood",
                source=SOURCE,
                scope=self.connection.name,
                cause=type(error).__name__,
            ) from None
