"""The Data API behind both transports: who may ask, what it costs, what the answer is."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.company import Company
from sandbox.vendors.ga4.catalogue import METRICS
from sandbox.vendors.ga4.errors import invalid, no_access, unauthenticated
from sandbox.vendors.ga4.frames import Properties, Property
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.ordering import is_total, ordered
from sandbox.vendors.ga4.quota import PropertyQuota, QuotaLimits, token_cost
from sandbox.vendors.ga4.report import Shape, rows_of, shape_of
from sandbox.vendors.ga4.totals import add_totals
from sandbox.vendors.google_identity import ServiceAccount
from sandbox.vendors.memo import Memo
from sandbox.vendors.meters import Meter

DEFAULT_LIMIT, MAX_LIMIT, MAX_BATCH = 10_000, 250_000, 5
WARNINGS = frozenset({"data_loss_from_other_row", "subject_to_thresholding"})
_KEPT_REPORTS = 24


@dataclass(frozen=True)
class Answer:
    """A report: the message's fields before ``rows``, one page of rows, and the fields after them."""

    head: Any
    page: pa.Table
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    tail: Any


class Ga4:
    """The Data API of all properties at the virtual now."""

    def __init__(
        self, company: Company, clock: VirtualClock, account: ServiceAccount, meter: Meter, limits: QuotaLimits
    ) -> None:
        self.meter = meter
        self._clock = clock
        self._account = account
        self._properties = Properties(company)
        self._limits = limits
        self._quotas: Memo[str, PropertyQuota] = Memo(len(company.locales))
        self._warnings: dict[str, frozenset[str]] = {}
        self._reports: Memo[tuple[bytes, datetime, int], pa.Table] = Memo(_KEPT_REPORTS)

    def quota(self, property_id: str) -> PropertyQuota:
        """A property's meters."""
        return self._quotas.get(property_id, lambda: PropertyQuota(self._limits))

    def warn(self, property_id: str, flags: frozenset[str]) -> None:
        """From now on a property's answers carry these ``WARNINGS``. Raises ValueError for any other."""
        if flags - WARNINGS:
            raise ValueError(f"flags are {', '.join(sorted(WARNINGS))}, not {', '.join(sorted(flags - WARNINGS))}")
        self._warnings[property_id] = flags

    def authorized(self, authorization: str | None, name: str) -> Property:
        """The property ``properties/N`` for a bearer token. Raises GoogleError: 401, 403, or 400 for a bad name."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthenticated(missing=True)
        if not self._account.may_read_analytics(token):
            raise unauthenticated(missing=False)
        match = re.fullmatch(r"properties/(\d+)", name)
        if match is None:
            raise invalid(f"Invalid property: {name}. A numeric Google Analytics property ID is required.")
        found = self._properties.get(match[1])
        if found is None:
            raise no_access()
        return found

    def run_report(self, authorization: str | None, request: Any) -> Answer:
        """Answer one RunReportRequest."""
        source, now = self.authorized(authorization, request.property), self._clock.now
        with self.quota(source.locale.property_id).request(now):
            return self._answer(source, request, now)

    def batch_run_reports(self, authorization: str | None, batch: Any) -> list[Answer]:
        """Answer up to five reports of one property; one bad report fails the batch."""
        source, now = self.authorized(authorization, batch.property), self._clock.now
        if len(batch.requests) > MAX_BATCH:
            raise invalid(f"Batch requests are limited to {MAX_BATCH} requests. This one is for {len(batch.requests)}.")
        if any(request.property not in {"", batch.property} for request in batch.requests):
            raise invalid("The property of each request in a batch must be unspecified or the batch's own.")
        with self.quota(source.locale.property_id).request(now):
            return [self._answer(source, request, now) for request in batch.requests]

    def charged(self, authorization: str | None, name: str) -> None:
        """A one-token Core request about a property: getMetadata, checkCompatibility."""
        source, now = self.authorized(authorization, name), self._clock.now
        quota = self.quota(source.locale.property_id)
        with quota.request(now):
            quota.charge(now, 1)
            self.meter.add("tokens", 1)

    def _answer(self, source: Property, request: Any, now: datetime) -> Answer:
        if request.HasField("cohort_spec") or request.comparisons or request.currency_code:
            raise invalid("Cohorts, comparisons and currency conversion are not available for this property.")
        shape = shape_of(request, source.today(now))
        rows = self._rows(source, request, shape, now)
        page = rows.slice(request.offset, min(request.limit or DEFAULT_LIMIT, MAX_LIMIT))
        tail = _tail(source, rows.num_rows)
        for flag in self._warnings.get(source.locale.property_id, ()):
            setattr(tail.metadata, flag, True)
        add_totals(tail, request.metric_aggregations, rows, shape)
        quota = self.quota(source.locale.property_id)
        tokens = _tokens(request, shape, page.num_rows)
        quota.charge(now, tokens)
        self.meter.add("tokens", tokens)
        self.meter.add("rows", page.num_rows)
        if request.return_property_quota:
            for name, (consumed, remaining) in quota.status(now, tokens).items():
                status = getattr(tail.property_quota, name)
                status.consumed, status.remaining = consumed, remaining
        return Answer(_head(shape), page, shape.columns, shape.metrics, tail)

    def _rows(self, source: Property, request: Any, shape: Shape, now: datetime) -> pa.Table:
        """The report's rows in answering order; pages of one fully ordered report share them."""
        seed = 0 if is_total(request.order_bys, shape.columns) else zlib.crc32(request.SerializeToString())
        bare = messages().run_report_request()
        bare.CopyFrom(request)
        bare.property = f"properties/{source.locale.property_id}"
        for name in ("limit", "offset", "return_property_quota"):
            bare.ClearField(name)
        key = (bare.SerializeToString(deterministic=True), now, seed)
        return self._reports.get(key, lambda: ordered(rows_of(request, shape, source, now), request.order_bys, seed))


def _head(shape: Shape) -> Any:
    head = messages().run_report_response()
    for name in shape.columns:
        head.dimension_headers.add(name=name)
    for name in shape.metrics:
        head.metric_headers.add(name=name, type_=messages().metric_type[METRICS[name].type])
    return head


def _tail(source: Property, row_count: int) -> Any:
    tail = messages().run_report_response(row_count=row_count, kind="analyticsData#runReport")
    tail.metadata.currency_code = source.locale.currency
    tail.metadata.time_zone = source.locale.time_zone
    return tail


def _tokens(request: Any, shape: Shape, rows: int) -> int:
    conditions = sum(request.HasField(name) for name in ("dimension_filter", "metric_filter"))
    columns = len(shape.columns) + len(shape.metrics)
    return token_cost(columns=columns, days=shape.days, rows=rows, conditions=conditions)
