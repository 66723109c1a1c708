"""One gate a property: how many requests may be under way, and whether its allowances have room for one more.

Every response says what is left. A request goes only if the reserve would stay whole should it, and all those under
way, cost as much as the dearest so far; until a property has answered once, its requests go one at a time.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.errors import QuotaExhausted
from connectors.ga4.error_log import ErrorLog
from connectors.ga4.meters import SERVER_ERRORS, Meter, meters_of
from connectors.ga4.streams import SOURCE
from connectors.rests import Rests, Sleep
from connectors.specs import Clock, GA4Quota

LOG = logging.getLogger(__name__)

CONCURRENT_PER_PROPERTY = 8
"""The API allows 10, for all of the property's users."""

WAITS = 3
"""Hours a request waits for a rolling quota before it gives up: longer than any such quota needs."""


@dataclass(slots=True)
class Turn:
    """A request's patience: whether it waits for rolling quotas, and how often it has."""

    is_patient: bool
    waits: int = 0


@dataclass(slots=True)
class Place:
    """A request under way. ``quota`` is the response's, when one came; ``failed`` that the server broke down."""

    seen: int
    quota: Any = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    meter: Meter
    until: datetime
    message: str


class PropertyGate:
    """Admission to one property. Thread-safe."""

    def __init__(
        self, property_id: str, limits: GA4Quota, clock: Clock, rests: Rests, state: Path | None = None
    ) -> None:
        self._property = property_id
        self._meters = {meter.name: meter for meter in meters_of(limits)}
        self._expected = {meter.name: meter.expected for meter in self._meters.values()}
        self._clock = clock
        self._rests = rests
        self._tell: Callable[[str], None] | None = None
        self._changed = threading.Condition()
        self._under_way = 0
        self._is_sleeping = False
        self._block: _Block | None = None
        self._answered = 0
        self._reports: deque[tuple[int, dict[str, int]]] = deque()
        self._unanswered: deque[int] = deque()
        self._last: dict[str, int] = {}
        self._errors = ErrorLog(state, property_id)

    @contextmanager
    def place(self, turn: Turn) -> Iterator[Place]:
        """Be one of the requests under way. Raises QuotaExhausted instead of waiting for a day, a broken source, or
        longer than the turn's patience."""
        place = self._enter(turn)
        try:
            yield place
        finally:
            self._leave(place)

    def refuse(self, meter: str, message: str) -> None:
        """Note that the source itself said no, for want of ``meter``."""
        with self._changed:
            self._block = self._blocked(self._meters[meter], message)

    def remaining(self) -> dict[str, int]:
        """What the last response left, by meter."""
        with self._changed:
            return dict(self._last)

    @contextmanager
    def telling(self, tell: Callable[[str], None] | None) -> Iterator[None]:
        """Let somebody know, in the meantime, what is waited for, and until when."""
        before, self._tell = self._tell, tell
        try:
            yield
        finally:
            self._tell = before

    def _enter(self, turn: Turn) -> Place:
        with self._changed:
            self._rests.check()
            while not self._is_open():
                if self._under_way or self._is_sleeping:
                    self._changed.wait()
                    self._rests.check()
                    continue
                block = self._block
                if block is None:
                    raise AssertionError("closed, though nothing is under way and nothing blocks")
                if not (turn.is_patient and block.meter.is_waited_for and turn.waits < WAITS):
                    raise QuotaExhausted(
                        block.message, resume_at=block.until, source=SOURCE, window=f"property {self._property}"
                    )
                turn.waits += 1
                self._sleep_out(block)
                self._rests.check()
            self._under_way += 1
            return Place(self._answered)

    def _is_open(self) -> bool:
        """Whether one more may go. Notes a block when it is for want of an allowance."""
        if self._block and self._clock() >= self._block.until:
            self._block = None
        if self._block or self._is_sleeping or self._under_way >= CONCURRENT_PER_PROPERTY:
            return False
        if self._under_way and not self._reports:
            return False
        for meter in self._meters.values():
            left = self._left(meter)
            if left is None or self._expected[meter.name] == 0:
                continue
            if left - (self._under_way + 1) * self._expected[meter.name] < meter.reserve:
                if not self._under_way:
                    self._block = self._blocked(meter, meter.describe(left))
                return False
        return True

    def _left(self, meter: Meter) -> int | None:
        may_have_cost = len(self._unanswered) * self._expected[meter.name]
        known = [report[meter.name] - may_have_cost for _, report in self._reports if meter.name in report]
        if meter.name == SERVER_ERRORS:
            known.append(meter.limit - self._errors.count(self._clock()))
        return min(known, default=None)

    def _blocked(self, meter: Meter, message: str) -> _Block:
        return _Block(meter, meter.resume_at(self._clock()), message)

    def _sleep_out(self, block: _Block) -> None:
        """Wait until the block is over, once for all who wait; then nothing is known of the property any more."""
        self._is_sleeping = True
        LOG.warning("property %s: %s. Going on at %s", self._property, block.message, block.until.isoformat())
        if self._tell:
            self._tell(f"waits until {block.until:%H:%M} UTC: {block.message}")
        self._changed.release()
        try:
            self._rests(max(0.0, (block.until - self._clock()).total_seconds()))
        finally:
            self._changed.acquire()
            self._is_sleeping = False
            self._block = None
            self._reports.clear()
            self._unanswered.clear()
            self._changed.notify_all()

    def _leave(self, place: Place) -> None:
        with self._changed:
            self._under_way -= 1
            if place.failed:
                self._errors.add(self._clock())
            if place.quota is not None:
                self._note(place)
            else:
                self._note_unanswered()
            self._changed.notify_all()

    def _note(self, place: Place) -> None:
        """Answers overtake one another: what is left is the least that any said since this request set out."""
        status = {name: getattr(place.quota, name) for name in self._meters if place.quota.HasField(name)}
        self._last = {name: int(value.remaining) for name, value in status.items()}
        for name, value in status.items():
            self._expected[name] = max(self._expected[name], int(value.consumed) if name != SERVER_ERRORS else 1)
        self._answered += 1
        while self._reports and self._reports[0][0] <= place.seen:
            self._reports.popleft()
        while self._unanswered and self._unanswered[0] <= place.seen:
            self._unanswered.popleft()
        self._reports.append((self._answered, self._last))

    def _note_unanswered(self) -> None:
        """It may have cost as much as others do, and only an answer to a request that sets out later counts that in."""
        self._answered += 1
        self._unanswered.append(self._answered)


class QuotaGuard:
    """The gates of an account's properties. Thread-safe. ``state`` is the folder that processes share."""

    def __init__(self, limits: GA4Quota, clock: Clock, sleep: Sleep | None = None, state: Path | None = None) -> None:
        self.rests = Rests(SOURCE, sleep)
        self._terms = (limits, clock, self.rests, state)
        self._lock = threading.Lock()
        self._gates: dict[str, PropertyGate] = {}

    def gate(self, property_id: str) -> PropertyGate:
        """The property's gate, always the same one."""
        with self._lock:
            if property_id not in self._gates:
                self._gates[property_id] = PropertyGate(property_id, *self._terms)
            return self._gates[property_id]

    def remaining(self, property_id: str) -> dict[str, int]:
        """What the last response of a property left, by meter."""
        return self.gate(property_id).remaining()
