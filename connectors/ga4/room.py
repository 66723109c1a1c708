"""Memory: large reports one after another, so that a refresh needs no more however many months it fetches at once."""

from __future__ import annotations

import threading

from connectors.memory import give_back

LARGE_ROWS = 20_000

_ONE_LARGE = threading.Lock()


class Room:
    """Leave for one task to hold its report, from when its size is announced until it is landed.

    Converting, sorting, hashing and writing a month takes several times its size. Small ones go side by side; of the
    large ones a process holds one whole, while the first pages of the next are already on their way.
    """

    def __init__(self) -> None:
        self._is_held = False

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_held:
            give_back()
            _ONE_LARGE.release()

    def take(self, rows: int) -> None:
        """Wait for room for so many rows."""
        if rows > LARGE_ROWS and not self._is_held:
            _ONE_LARGE.acquire()
            self._is_held = True
