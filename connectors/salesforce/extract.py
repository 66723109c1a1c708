"""Pulling one window of one object, whole or not at all."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import numpy as np
import pyarrow as pa

from connectors.errors import ConnectorError, IncompleteResponse, RetriableError, SessionExpired
from connectors.privacy import Pseudonymiser
from connectors.salesforce.bulk import iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.faults import BulkFailed, QueryTimeout
from connectors.salesforce.ledger import JobLedger
from connectors.salesforce.parents import ParentLocales
from connectors.salesforce.resolve import ResolvedStream
from connectors.salesforce.rows import landed_rows, parse_csv, parse_records
from connectors.salesforce.scopes import Pull
from connectors.salesforce.soql import conditions_of, count_query, select_query
from connectors.salesforce.stream_specs import SOURCE
from connectors.windows import CrmWindow

BULK_ABOVE_ROWS = 2_000
"""More than one REST page: from here on the number of requests is the cost, and a bulk job is fewer."""

ATTEMPTS = 3
SHORTEST_WINDOW = timedelta(minutes=1)
NO_RECORD_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""Stamps are Salesforce's own, and it was founded in 1999: where a window without lower bound is cut from."""

Method = Literal["bulk", "rest", "none"]


class Sink(Protocol):
    """Where landed columns plus ``_locale`` go, page by page."""

    def restart(self) -> None:
        """Forget every row: the pull begins again."""
        ...

    def add(self, rows: pa.Table) -> None:
        """Rows of a page."""
        ...


@dataclass(frozen=True, slots=True)
class Pulled:
    """How many rows came, and by which API."""

    rows: int
    method: Method


class TooManyRows(Exception):
    """More than are wanted at a time; shorter windows have fewer."""


class Puller:
    """Pulls of one org: one client, one pseudonymiser, one ledger of jobs."""

    def __init__(self, client: SalesforceClient, pseudonymiser: Pseudonymiser, ledger: JobLedger | None = None) -> None:
        self.client = client
        self.pseudonymiser = pseudonymiser
        self.ledger = ledger
        self.parents = ParentLocales(client, ledger)

    def pull(self, resolved: ResolvedStream, pull: Pull, sink: Sink, *, most_rows: int | None = None) -> Pulled:
        """Every version current in the org whose cursor lies in the window, deleted records included.

        What fails on the server or arrives incomplete is begun again from its start, a few times; a window that takes
        the org too long is halved, and a bulk job that fails is replaced by REST. Raises IncompleteResponse when the
        rows are not distinct, or neither as many as counted before nor as counted after; and TooManyRows, before any
        is asked for, where there are more than ``most_rows`` and the window is not the shortest.
        """
        if most_rows is not None and is_shortest(pull.window):
            most_rows = None
        windows, failures, is_bulk_good = [pull.window], 0, True
        while True:
            sink.restart()
            done: list[Pulled] = []
            try:
                for window in windows:
                    values = pull.locale_values
                    done.append(self._window(resolved, window, values, sink, most_rows, is_bulk_good=is_bulk_good))
                return Pulled(sum(part.rows for part in done), _method(done))
            except QueryTimeout as error:
                late = windows[len(done)]
                if is_shortest(late):
                    raise self._placed(error, resolved, pull)  # noqa: B904
                windows[len(done) : len(done) + 1] = halves(late)
            except (RetriableError, IncompleteResponse) as error:
                failures += 1
                if failures == ATTEMPTS or isinstance(error, SessionExpired):
                    raise self._placed(error, resolved, pull)  # noqa: B904
                is_bulk_good = is_bulk_good and not isinstance(error, BulkFailed)
            except ConnectorError as error:
                raise self._placed(error, resolved, pull)  # noqa: B904

    def _placed(self, error: ConnectorError, resolved: ResolvedStream, pull: Pull) -> ConnectorError:
        scope = self.client.connection.name
        return error.at(scope=scope, stream=resolved.stream.name, window=window_text(pull.window))

    def _window(
        self,
        resolved: ResolvedStream,
        window: CrmWindow,
        locale_values: tuple[str, ...] | None,
        sink: Sink,
        most_rows: int | None,
        *,
        is_bulk_good: bool,
    ) -> Pulled:
        conditions = conditions_of(resolved, window, locale_values)
        expected = self.client.count(count_query(resolved, conditions))
        if expected == 0:
            return Pulled(0, "none")
        if most_rows is not None and expected > most_rows:
            raise TooManyRows
        query = select_query(resolved, conditions)
        method: Method = "bulk" if expected > BULK_ABOVE_ROWS and is_bulk_good else "rest"
        received, seen = 0, array("q")
        for page in (self._bulk_pages if method == "bulk" else self._rest_pages)(resolved, query):
            received += len(page)
            # 64 bits an Id: enough to notice a repetition, and millions fit in little memory.
            seen.extend(map(hash, page["Id"].to_pylist()))
            rows = landed_rows(page, resolved, self.pseudonymiser, self.client.connection.currency)
            parents = resolved.stream.parent_columns
            sink.add(self.parents.placed(rows, parents) if parents else rows)
        # Records edited meanwhile leave the window; then the second count agrees.
        if received != expected and received != self.client.count(count_query(resolved, conditions)):
            raise IncompleteResponse(f"{received} rows arrived, {expected} were counted", source=SOURCE)
        # A page served twice in another's place has the right number of rows.
        if has_repetition(seen):
            raise IncompleteResponse("A record arrived twice, so another may be missing", source=SOURCE)
        return Pulled(received, method)

    def _bulk_pages(self, resolved: ResolvedStream, query: str) -> Iterator[pa.Table]:
        for page in iter_csv_pages(self.client, resolved.stream.object_name, query, self.ledger):
            yield parse_csv(page.content, page.rows, resolved.selected)

    def _rest_pages(self, resolved: ResolvedStream, query: str) -> Iterator[pa.Table]:
        with self.client.cursors:
            for records in self.client.iter_records(query):
                yield parse_records(records, resolved.selected)


def _method(parts: Sequence[Pulled]) -> Method:
    methods = {part.method for part in parts}
    return "bulk" if "bulk" in methods else "rest" if "rest" in methods else "none"


def is_shortest(window: CrmWindow) -> bool:
    """Whether the window is not worth cutting."""
    return window.end - (window.start or NO_RECORD_BEFORE) <= SHORTEST_WINDOW


def halves(window: CrmWindow) -> tuple[CrmWindow, CrmWindow]:
    """The window cut in the middle, at a whole second."""
    start = window.start or NO_RECORD_BEFORE
    middle = (start + (window.end - start) / 2).replace(microsecond=0)
    return CrmWindow(start, middle), CrmWindow(middle, window.end)


def window_text(window: CrmWindow) -> str:
    """A window for people to read."""
    return f"{window.start.isoformat() if window.start else 'the beginning'}..{window.end.isoformat()}"


def has_repetition(numbers: array[int]) -> bool:
    """Whether a number occurs twice; puts them in order, in place."""
    view = np.frombuffer(numbers, np.int64)
    view.sort()
    return bool(np.any(view[1:] == view[:-1]))
