"""The faults that are in force: asked once a call, in order, with a seeded die."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sandbox.faults.coding import to_json
from sandbox.faults.rules import NOTHING, Action, Fault

LONGEST_HANG_SECONDS = 600.0
_GLANCE_SECONDS = 0.05  # between two looks whether a client is still there
IsWanted = Callable[[], bool]


def always() -> bool:
    """A client that never leaves."""
    return True


@dataclass(frozen=True)
class Call:
    """What a fault can know of a call before it is answered. ``days`` may be infinite."""

    vendor: str
    verb: str
    path: str
    property: str | None = None
    object: str | None = None
    page: int = 1
    days: float = 0.0


@dataclass(frozen=True)
class Fired:
    """What happens to one call: all of it together, and what the vendor knows otherwise one by one, since when."""

    action: Action = NOTHING
    standing: tuple[tuple[Action, datetime], ...] = ()


NO_FAULT = Fired()


class _Rule:
    """A fault with its counts."""

    def __init__(self, fault: Fault, since: datetime, die: Random) -> None:
        self.fault, self.since, self._die = fault, since, die
        self.matched = self.fired = 0

    def fits(self, call: Call) -> bool:
        """Whether a call is one of those the fault is about, whatever its counts say."""
        match = self.fault.match
        return (
            self.fault.vendor == call.vendor
            and match.verb in {None, call.verb}
            and (match.path is None or re.search(match.path, call.path) is not None)
            and match.property in {None, call.property}
            and match.object in {None, call.object}
            and match.page in {None, call.page}
            and (match.above_days is None or call.days > match.above_days)
        )

    def strikes(self) -> bool:
        """Count one more fitting call, and say whether it is hit."""
        match = self.fault.match
        self.matched += 1
        if match.times and self.fired >= match.times:
            return False
        if match.nth is not None and self.matched != match.nth:
            return False
        if match.probability is not None and self._die.random() >= match.probability:
            return False
        self.fired += 1
        return True


class FaultPlan:
    """Ordered rules. Of those that change an answer the first that fits strikes; those that change what the vendor
    knows strike all together.
    """

    def __init__(self, now: Callable[[], datetime], seed: int = 7) -> None:
        self._now = now
        self._seed = seed
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._released = threading.Event()

    def add(self, *faults: Fault, seed: int | None = None) -> None:
        """Put faults in force, after those that are; ``seed`` is the die's from here on."""
        with self._lock:
            self._seed = self._seed if seed is None else seed
            for fault in faults:
                die = Random(f"{self._seed}/{len(self._rules)}")  # noqa: S311 - repeatable, not secret
                self._rules.append(_Rule(fault, self._now(), die))

    def clear(self) -> None:
        """Lift every fault; what hangs is let go."""
        with self._lock:
            self._rules = []
            self._released.set()
            self._released = threading.Event()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults in force, in order."""
        with self._lock:
            return tuple(rule.fault for rule in self._rules)

    @property
    def fired(self) -> list[dict[str, Any]]:
        """A row a fault: itself, how many calls it was about (``matched``), how many it struck (``fired``)."""
        with self._lock:
            return [{**to_json(rule.fault), "matched": rule.matched, "fired": rule.fired} for rule in self._rules]

    def fire(self, call: Call) -> Fired:
        """What happens to a call; counts it."""
        with self._lock:
            if not self._rules:
                return NO_FAULT
            action, standing, is_struck = NOTHING, [], False
            for rule in self._rules:
                ours = rule.fault.action
                if not rule.fits(call) or (is_struck and not ours.is_standing) or not rule.strikes():
                    continue
                action = action.over(ours)
                if ours.is_standing:
                    standing.append((ours, rule.since))
                else:
                    is_struck = True
            return Fired(action, tuple(standing))

    def wait(self, action: Action, is_wanted: IsWanted = always) -> None:
        """The delay before an answer, over when the client has gone; a hang lasts until the faults are cleared."""
        seconds = LONGEST_HANG_SECONDS if action.hang else action.delay_seconds
        with self._lock:
            released = self._released
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and is_wanted():
            if released.wait(min(left, _GLANCE_SECONDS)):
                return


def span_days(instants: list[datetime]) -> float:
    """Days between the first and the last of a query's bounds; without two of them there is no end."""
    return (max(instants) - min(instants)).total_seconds() / 86_400 if len(instants) > 1 else math.inf
