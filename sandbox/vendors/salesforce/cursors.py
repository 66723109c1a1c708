"""Query locators: the pages of a REST query that are still to come."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.salesforce.query import Result

# "Up to 10 query cursors open at a time per user"; "15 minutes of inactivity". Newer pages say two days.
MAX_CURSORS = 10
LIFETIME = timedelta(minutes=15)


class Cursors:
    """Open cursors of an org's integration user.

    When one too many is opened, one that was read to its end is closed, else the one not used for longest.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._open: OrderedDict[str, tuple[Result, int, datetime]] = OrderedDict()

    def open(self, result: Result, page_size: int, now: datetime) -> str:
        """Keep a result; returns the locator's 18-character id."""
        with self._lock:
            self._count += 1
            cursor = f"0r8xx{self._count:010d}AAA"
            self._open[cursor] = (result, page_size, now)
            while len(self._open) > MAX_CURSORS:
                self._open.popitem(last=False)
        return cursor

    def page(self, locator: str, now: datetime) -> tuple[str, Result, int, int]:
        """(cursor, result, page size, first row) of ``0r8…-2000``. Raises SalesforceError INVALID_QUERY_LOCATOR."""
        match = re.fullmatch(r"(0r8\w{15})-(\d+)", locator)
        with self._lock:
            found = self._open.get(match[1]) if match else None
            if match is None or found is None or now - found[2] > LIFETIME:
                raise SalesforceError("INVALID_QUERY_LOCATOR", "invalid query locator")
            result, page_size, _ = found
            self._open[match[1]] = (result, page_size, now)
            self._open.move_to_end(match[1])
        return match[1], result, page_size, int(match[2])

    def peek(self, locator: str) -> tuple[str | None, int]:
        """(object, page counted from 1) a locator is about, without using it."""
        match = re.fullmatch(r"(0r8\w{15})-(\d+)", locator)
        with self._lock:
            found = self._open.get(match[1]) if match else None
        return (found[0].object_name, int(match[2]) // found[1] + 1) if match and found else (None, 1)

    def drop(self, locator: str) -> None:
        """Close a cursor before its time."""
        with self._lock:
            self._open.pop(locator.partition("-")[0], None)

    def finish(self, cursor: str) -> None:
        """The last page was read: it can be read again until the place is needed."""
        with self._lock:
            if cursor in self._open:
                self._open.move_to_end(cursor, last=False)
