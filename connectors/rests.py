"""Waiting that can be ended: a quota is waited for up to an hour, and whoever presses Ctrl-C does not want to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.errors import ConnectorError, Stopped

Sleep = Callable[[float], None]


class Rests:
    """Sleeps for all threads of a client, until it is stopped. ``sleep`` replaces real time, in seconds."""

    def __init__(self, source: str, sleep: Sleep | None = None) -> None:
        self._source = source
        self._sleep = sleep
        self._stopped = threading.Event()

    def __call__(self, seconds: float) -> None:
        """Rest so long. Raises Stopped, also in the middle of it."""
        if self._sleep is None:
            self._stopped.wait(seconds)
        else:
            self._sleep(seconds)
        self.check()

    def check(self) -> None:
        """Raise Stopped once ``stop`` was called: nothing new should begin."""
        if self._stopped.is_set():
            raise Stopped("The work was stopped", source=self._source)

    def stop(self) -> None:
        """End all rests, those under way and those to come."""
        self._stopped.set()

    @contextmanager
    def ended_by_interruption(self) -> Iterator[None]:
        """Around waiting for threads: what interrupts us (Ctrl-C, the orchestrator) ends their rests too."""
        try:
            yield
        except ConnectorError:
            raise
        except BaseException:
            self.stop()
            raise
