"""The sandbox's own controls: its calendar, its meters, and what others do to an account behind its user's back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.faults import FaultPlan
from sandbox.faults.coding import from_json
from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.web import Handler, Reply, Request, Route, json_reply

Action = Callable[[Mapping[str, Any]], None]


class Control:
    """``GET/POST /clock``, ``GET /meters``, ``GET/POST/DELETE /faults``, and ``POST /<action>/<vendor>`` for each of
    ``actions``.
    """

    def __init__(
        self, clock: VirtualClock, faults: FaultPlan, meters: Callable[[], Any], actions: Mapping[str, Action]
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._meters = meters
        self._actions = actions

    def routes(self) -> list[Route]:
        """The routes; a wrong request is 400 with a sentence that says what is wrong."""
        return [
            ("GET", "/clock", lambda request: self._now()),
            ("POST", "/clock", _explained(self._move)),
            ("GET", "/meters", lambda request: json_reply(self._meters())),
            ("GET", "/faults", lambda request: json_reply(self._faults.fired)),
            ("POST", "/faults", _explained(self._spoil)),
            ("DELETE", "/faults", self._mend),
            ("POST", "/{action}/{vendor}", _explained(self._act)),
        ]

    def _now(self) -> Reply:
        return json_reply({"now": self._clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _move(self, request: Request) -> Reply:
        wish = request.json()
        if not isinstance(wish, dict) or len(wish.keys() & {"advance_days", "advance_seconds", "today"}) != 1:
            raise ValueError('expected {"advance_days": 1}, {"advance_seconds": 60} or {"today": "2026-07-02"}')
        if "today" in wish:
            self._clock.set(date.fromisoformat(wish["today"]))
        elif "advance_seconds" in wish:
            self._clock.advance(seconds=float(wish["advance_seconds"]))
        else:
            self._clock.advance(int(wish["advance_days"]))
        return self._now()

    def _spoil(self, request: Request) -> Reply:
        """A list of faults, or ``{"seed": 3, "faults": […]}``; all of them or, when one is wrong, none."""
        wish = request.json()
        listed = wish.get("faults") if isinstance(wish, dict) else wish
        if not isinstance(listed, list):
            raise ValueError('expected [{"vendor": "…", "match": {}, "action": {"status": 503}}]')
        faults = [from_json(one) for one in listed]
        self._faults.add(*faults, seed=wish.get("seed") if isinstance(wish, dict) else None)
        return json_reply(self._faults.fired)

    def _mend(self, request: Request) -> Reply:
        self._faults.clear()
        return json_reply([])

    def _act(self, request: Request) -> Reply:
        name = f"{request.parts['action']}/{request.parts['vendor']}"
        if name not in self._actions:
            raise ValueError(f"there is no {name}; there are {', '.join(sorted(self._actions))}")
        self._actions[name](request.json())
        return json_reply({"done": name})


def _explained(handler: Handler) -> Handler:
    def handle(request: Request) -> Reply:
        try:
            return handler(request)
        except (ValueError, TypeError, KeyError) as error:
            return json_reply({"error": str(error)}, 400)

    return handle
