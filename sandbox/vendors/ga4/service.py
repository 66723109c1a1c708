"""The Data API behind both transports: who may ask, what it costs, what the answer is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from sandbox.faults import Action, Call, FaultPlan
from sandbox.faults.plan import Fired, IsWanted
from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.company import Company
from sandbox.vendors.ga4.catalogue import METRICS
from sandbox.vendors.ga4.distortions import display_of, frame_under, knowledge_of, page_under, report_under, warn
from sandbox.vendors.ga4.errors import GoogleError, injected, invalid, no_access, unauthenticated
from sandbox.vendors.ga4.frames import Properties, Property
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.ga4.ordering import is_total, ordered
from sandbox.vendors.ga4.quota import PropertyQuota, QuotaLimits, token_cost
from sandbox.vendors.ga4.report import Shape, frame_of, rows_of, shape_of
from sandbox.vendors.ga4.totals import add_totals
from sandbox.vendors.google_identity import ServiceAccount
from sandbox.vendors.memo import Memo
from sandbox.vendors.meters import Meter

DEFAULT_LIMIT, MAX_LIMIT, MAX_BATCH = 10_000, 250_000, 5
WARNINGS = frozenset({"data_loss_from_other_row", "subject_to_thresholding"})
_KEPT_REPORTS = 24


@dataclass(frozen=True)
class Caller:
    """Who asks (the Authorization header), and whether they still wait for the answer."""

    authorization: str | None
    is_wanted: IsWanted


@dataclass(frozen=True)
class Answer:
    """A report: the message's fields before ``rows``, one page of rows, and the fields after them."""

    head: Any
    page: pa.Table
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    tail: Any
    fault: Action


class Ga4:
    """The Data API of all properties at the virtual now."""

    def __init__(
        self,
        company: Company,
        clock: VirtualClock,
        account: ServiceAccount,
        meter: Meter,
        limits: QuotaLimits,
        faults: FaultPlan,
    ) -> None:
        self.meter = meter
        self.faults = faults
        self._clock = clock
        self._account = account
        self._properties = Properties(company)
        self._limits = limits
        self._quotas: Memo[str, PropertyQuota] = Memo(len(company.locales))
        self._warnings: dict[str, frozenset[str]] = {}
        self._reports: Memo[tuple[bytes, datetime, int, tuple[Action, ...]], pa.Table] = Memo(_KEPT_REPORTS)
        self._asked: dict[str, PropertyQuota] = {}

    def quota(self, property_id: str) -> PropertyQuota:
        """A property's meters."""

        def compute() -> PropertyQuota:
            self._asked[property_id] = quota = PropertyQuota(self._limits)
            return quota

        return self._quotas.get(property_id, compute)

    def meters(self) -> dict[str, Meter]:
        """The meters of every property that was asked so far."""
        return {property_id: quota.meter for property_id, quota in sorted(self._asked.items())}

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

    def run_report(self, caller: Caller, request: Any) -> Answer:
        """Answer one RunReportRequest."""
        with self._admitted("RunReport", caller, request.property, request) as (source, now, fired):
            return self._answer(source, request, now, fired)

    def batch_run_reports(self, caller: Caller, batch: Any) -> list[Answer]:
        """Answer up to five reports of one property; one bad report fails the batch."""
        with self._admitted("BatchRunReports", caller, batch.property) as (source, now, fired):
            if len(batch.requests) > MAX_BATCH:
                many = len(batch.requests)
                raise invalid(f"Batch requests are limited to {MAX_BATCH} requests. This one is for {many}.")
            if any(request.property not in {"", batch.property} for request in batch.requests):
                raise invalid("The property of each request in a batch must be unspecified or the batch's own.")
            return [self._answer(source, request, now, fired) for request in batch.requests]

    def charged(self, verb: str, caller: Caller, name: str) -> Action:
        """A one-token Core request about a property: getMetadata, checkCompatibility."""
        with self._admitted(verb, caller, name) as (source, now, fired):
            self.quota(source.locale.property_id).charge(now, 1)
            self.meter.add("tokens", 1)
            return fired.action

    @contextmanager
    def _admitted(
        self, verb: str, caller: Caller, name: str, request: Any = None
    ) -> Iterator[tuple[Property, datetime, Fired]]:
        """Who may ask, whether there is quota left, and what is to go wrong."""
        now = self._clock.now
        fired = self.faults.fire(_call(verb, name, request))
        action = fired.action
        if action.expire_token:
            self._account.expire_tokens()
        source = self.authorized(caller.authorization, name)
        quota = self.quota(source.locale.property_id)
        if action.drain_tokens:
            quota.charge(now, action.drain_tokens)
        try:
            with quota.request(now):
                self.faults.wait(action, caller.is_wanted)
                error = injected(action)
                if error is not None:
                    raise error
                yield source, now, fired
        except GoogleError as error:
            quota.failed(now, error.http_status)
            raise

    def _answer(self, source: Property, request: Any, now: datetime, fired: Fired) -> Answer:
        action = fired.action
        if request.HasField("cohort_spec") or request.comparisons or request.currency_code:
            raise invalid("Cohorts, comparisons and currency conversion are not available for this property.")
        shape = shape_of(request, source.today(now), action.remove_field)
        flags = self._warnings.get(source.locale.property_id, frozenset())
        if action.thresholded or "subject_to_thresholding" in flags:
            self.quota(source.locale.property_id).thresholded(now)
        rows = self._rows(source, request, shape, now, fired)
        page = rows.slice(request.offset, min(request.limit or DEFAULT_LIMIT, MAX_LIMIT))
        page = page_under(page, shape, action)
        tail = _tail(source, 0 if action.empty else rows.num_rows)
        for flag in flags:
            setattr(tail.metadata, flag, True)
        warn(tail.metadata, action)
        add_totals(tail, request.metric_aggregations, rows, shape)
        self._charge(source, request, shape, page.num_rows, now, tail if request.return_property_quota else None)
        columns, metrics = shape.columns, shape.metrics
        if action.shuffle_headers:
            columns, metrics = columns[::-1], metrics[::-1]
        return Answer(_head(columns, metrics), page, columns, metrics, tail, action)

    def _charge(self, source: Property, request: Any, shape: Shape, rows: int, now: datetime, tail: Any) -> None:
        """Take a report's tokens, and say in ``tail`` what is left."""
        quota = self.quota(source.locale.property_id)
        tokens = _tokens(request, shape, rows)
        quota.charge(now, tokens)
        for meter in (self.meter, quota.meter):
            meter.add("tokens", tokens)
            meter.add("rows", rows)
        if tail is None:
            return
        is_thresholded = tail.metadata.subject_to_thresholding
        for name, (consumed, remaining) in quota.status(now, tokens, is_thresholded=is_thresholded).items():
            status = getattr(tail.property_quota, name)
            status.consumed, status.remaining = consumed, remaining

    def _rows(self, source: Property, request: Any, shape: Shape, now: datetime, fired: Fired) -> pa.Table:
        """The report's rows in answering order; pages of one fully ordered report share them."""
        seed = 0 if is_total(request.order_bys, shape.columns) else zlib.crc32(request.SerializeToString())
        bare = messages().run_report_request()
        bare.CopyFrom(request)
        bare.property = f"properties/{source.locale.property_id}"
        for name in ("limit", "offset", "return_property_quota"):
            bare.ClearField(name)
        known, shown = tuple(knowledge_of(action) for action, _ in fired.standing), display_of(fired.action)

        def compute() -> pa.Table:
            frame = frame_of(shape, source, now)
            for action in known:
                frame = frame_under(frame, action)
            rows = report_under(rows_of(request, shape, frame), shape, shown)
            return ordered(rows, request.order_bys, seed)

        return self._reports.get((bare.SerializeToString(deterministic=True), now, seed, (*known, shown)), compute)


def _call(verb: str, name: str, request: Any) -> Call:
    """What a fault may know of a request; ``request`` is a RunReportRequest or None."""
    path = f"/v1beta/{name}" + ("/metadata" if verb == "GetMetadata" else f":{verb[0].lower()}{verb[1:]}")
    page, days = 1, 0.0
    if request is not None:
        page = request.offset // min(request.limit or DEFAULT_LIMIT, MAX_LIMIT) + 1
        days = sum((_days(item) for item in request.date_ranges), 0.0)
    return Call("google_analytics", verb, path, name.removeprefix("properties/"), page=page, days=days)


def _days(span: Any) -> float:
    """Days of a range between explicit dates; words like ``yesterday`` count as one."""
    try:
        return (date.fromisoformat(span.end_date) - date.fromisoformat(span.start_date)).days + 1.0
    except ValueError:
        return 1.0


def _head(columns: tuple[str, ...], metrics: tuple[str, ...]) -> Any:
    head = messages().run_report_response()
    for name in columns:
        head.dimension_headers.add(name=name)
    for name in metrics:
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
