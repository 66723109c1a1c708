"""One report of a range of days, whole: its pages in order, the next one under way while this one is converted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from connectors.errors import IncompleteResponse
from connectors.ga4.answers import check_response, is_coarse, remarks_of
from connectors.ga4.client import GA4Client
from connectors.ga4.decode import RawReport
from connectors.ga4.requests import build_request
from connectors.ga4.room import Room
from connectors.ga4.rows import count_repeated, encode_dimensions, typed_columns, with_range, without_totals
from connectors.ga4.streams import SOURCE, GA4Stream
from connectors.landing.encoded import encoded_schema, row_hashes
from connectors.privacy import Pseudonymiser
from connectors.specs import LocaleSpec

READINGS = 3
"""How often a report is read from its start when it changes between pages, or rows are lost or doubled on the way."""


@dataclass(slots=True)
class Usage:
    """What fetching cost."""

    calls: int = 0
    tokens: int = 0

    def add(self, other: Usage) -> None:
        """Count another's cost in."""
        self.calls += other.calls
        self.tokens += other.tokens


@dataclass(frozen=True, slots=True)
class Report:
    """Every row as landed columns, and the responses' remarks."""

    table: pa.Table
    remarks: dict[str, Any]


class TooCoarse(Exception):
    """The answer is sampled or rolled up; shorter ranges may not be."""


class _Unsound(Exception):
    """The pages do not make up the report that was announced."""


@dataclass(frozen=True, slots=True)
class ReportReader:
    """Reads reports of one stream of one locale, and counts what that costs."""

    client: GA4Client
    stream: GA4Stream
    locale: LocaleSpec
    pseudonymiser: Pseudonymiser
    page_rows: int
    room: Room | None
    usage: Usage

    def read(self, days: tuple[date, date]) -> Report:
        """Every row of the days, first and last included.

        Raises TooCoarse when fewer days should be asked for, IncompleteResponse when the rows that were announced do
        not come, and the errors of ``check_response`` and of the client.
        """
        reason = ""
        for _ in range(READINGS):
            try:
                return self._read_once(days)
            except _Unsound as error:
                reason = str(error)
        raise IncompleteResponse(reason, source=SOURCE, cause=f"read {READINGS} times, never whole")

    def _read_once(self, days: tuple[date, date]) -> Report:
        tables, keys, messages = [encoded_schema(self.stream.dataset.schema).empty_table()], [], []
        names = [column.api_name for column in self.stream.dimensions]
        for page in self._pages(days):
            if page.columns:
                keys.append(row_hashes([page.columns[name] for name in names]))
            tables.append(typed_columns(page.columns, self.stream, self.pseudonymiser))
            messages.append(page.message)
        repeated = count_repeated(keys)
        if repeated:
            raise _Unsound(f"{repeated} rows came twice")
        return Report(pa.concat_tables(tables), remarks_of(messages))

    def _pages(self, days: tuple[date, date]) -> Iterator[RawReport]:
        """Pages until as many rows as announced have come: the response names neither its offset nor its limit."""
        page = self._ask(days, 0)
        if page.message.row_count == 0:
            # Sources are now and then empty for a moment: nothing is believed only when it is said twice.
            page = self._ask(days, 0)
        announced, received = int(page.message.row_count), 0
        if self.room:
            self.room.take(announced)
        with ThreadPoolExecutor(1, "ga4-next-page") as ahead:
            while True:
                received += page.rows
                if page.message.row_count != announced:
                    raise _Unsound("The report changed between its pages")
                if received > announced or (page.rows == 0 and received < announced):
                    raise _Unsound(f"{received} of {announced} announced rows arrived")
                following = ahead.submit(self._ask, days, received) if received < announced else None
                yield page
                if following is None:
                    return
                page = following.result()

    def _ask(self, days: tuple[date, date], offset: int) -> RawReport:
        request = build_request(self.stream, self.locale.ga4_property, days, offset, self.page_rows)
        answer = self.client.run_report(request)
        self.usage.add(Usage(1, answer.tokens))
        check_response(answer.report, self.stream, self.locale, days[0])
        if is_coarse(answer.report.message) and len(self.stream.periods(days)) > 1:
            raise TooCoarse
        columns = with_range(without_totals(answer.report.columns, self.stream), self.stream, days[0])
        columns = encode_dimensions(columns, self.stream)
        rows = len(next(iter(columns.values()), ()))
        return RawReport(answer.report.message, columns, rows)
