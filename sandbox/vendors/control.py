"""The sandbox's own controls: its calendar, its meters, and what others do to an account behind its user's back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.meters import Meter
from sandbox.vendors.web import Handler, Reply, Request, Route, json_reply

Action = Callable[[Mapping[str, Any]], None]


class Control:
    """``GET/POST /clock``, ``GET /meters``, and ``POST /<action>/<vendor>`` for each of ``actions``."""

    def __init__(self, clock: VirtualClock, meters: Mapping[str, Meter], actions: Mapping[str, Action]) -> None:
        self._clock = clock
        self._meters = meters
        self._actions = actions

    def routes(self) -> list[Route]:
        """The routes; a wrong request is 400 with a sentence that says what is wrong."""
        return [
            ("GET", "/clock", lambda request: self._now()),
            ("POST", "/clock", _explained(self._move)),
            ("GET", "/meters", lambda request: json_reply({n: m.snapshot() for n, m in self._meters.items()})),
            ("POST", "/{action}/{vendor}", _explained(self._act)),
        ]

    def _now(self) -> Reply:
        return json_reply({"now": self._clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def _move(self, request: Request) -> Reply:
        wish = request.json()
        if not isinstance(wish, dict) or len(wish.keys() & {"advance_days", "today"}) != 1:
            raise ValueError('expected {"advance_days": 1} or {"today": "2026-07-02"}')
        if "today" in wish:
            self._clock.set(date.fromisoformat(wish["today"]))
        else:
            self._clock.advance(int(wish["advance_days"]))
        return self._now()

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
