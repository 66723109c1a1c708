"""Pulling one window of one object, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from connectors.errors import ConnectorError, IncompleteResponse, RetriableError
from connectors.privacy import Pseudonymiser
from connectors.salesforce.bulk import iter_csv_pages
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.resolve import ResolvedStream
from connectors.salesforce.rows import landed_rows, parse_csv, parse_records
from connectors.salesforce.scopes import Pull
from connectors.salesforce.soql import conditions_of, count_query, select_query
from connectors.windows import CrmWindow

BULK_ABOVE_ROWS = 2_000
"""More than one REST page: from here on the number of requests is the cost, and a bulk job is fewer."""

ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Pulled:
    """Landed columns plus ``_locale``, and by which API they came."""

    rows: pa.Table
    method: Literal["bulk", "rest", "none"]


def pull_stream(client: SalesforceClient, resolved: ResolvedStream, pull: Pull, pseudonymiser: Pseudonymiser) -> Pulled:
    """Every version current in the org whose cursor lies in the window, deleted records included.

    A query that fails on the server (a job, an expired page link) is begun again from its start, once. Raises
    IncompleteResponse when the rows are neither as many as counted before nor as counted after.
    """
    conditions = conditions_of(resolved, pull.window, pull.locale_values)
    place = {"scope": client.connection.name, "stream": resolved.stream.name, "window": window_text(pull.window)}
    try:
        expected = client.count(count_query(resolved, conditions))
        if expected == 0:
            return Pulled(_empty(client, resolved, pseudonymiser), "none")
        query = select_query(resolved, conditions)
        method: Literal["bulk", "rest"] = "bulk" if expected > BULK_ABOVE_ROWS else "rest"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                rows, received = _all_rows(client, resolved, query, method, pseudonymiser)
                break
            except RetriableError:
                if attempt == ATTEMPTS:
                    raise
        # Records edited meanwhile leave the window; then the second count agrees.
        if received != expected and received != client.count(count_query(resolved, conditions)):
            raise IncompleteResponse(f"{received} rows arrived, {expected} were counted", source="salesforce")
    except ConnectorError as error:
        raise error.at(**place)  # noqa: B904
    return Pulled(rows, method)


def window_text(window: CrmWindow) -> str:
    """A window for people to read."""
    return f"{window.start.isoformat() if window.start else 'the beginning'}..{window.end.isoformat()}"


def _all_rows(
    client: SalesforceClient, resolved: ResolvedStream, query: str, method: str, pseudonymiser: Pseudonymiser
) -> tuple[pa.Table, int]:
    """Landed rows, and how many rows arrived. Each page is narrowed to landed columns before the next is parsed."""
    tables, received = [_empty(client, resolved, pseudonymiser)], 0
    pages = _bulk_pages if method == "bulk" else _rest_pages
    for page in pages(client, resolved, query):
        received += len(page)
        tables.append(landed_rows(page, resolved, pseudonymiser, client.connection.currency))
    return pa.concat_tables(tables), received


def _bulk_pages(client: SalesforceClient, resolved: ResolvedStream, query: str) -> Iterator[pa.Table]:
    for page in iter_csv_pages(client, resolved.stream.object_name, query):
        yield parse_csv(page.content, page.rows, resolved.selected)


def _rest_pages(client: SalesforceClient, resolved: ResolvedStream, query: str) -> Iterator[pa.Table]:
    for records in client.iter_records(query):
        yield parse_records(records, resolved.selected)


def _empty(client: SalesforceClient, resolved: ResolvedStream, pseudonymiser: Pseudonymiser) -> pa.Table:
    return landed_rows(parse_records([], resolved.selected), resolved, pseudonymiser, client.connection.currency)
