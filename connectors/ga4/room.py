"""Memory: as many reports at a time as fit, so that a refresh needs no more however many months it fetches at once."""

from __future__ import annotations

import threading

from connectors.memory import give_back

ROOM_ROWS = 100_000
"""Of all reports of a process together; a larger one has the whole room to itself."""


class _Hall:
    """The room of a process."""

    changed = threading.Condition()
    taken = 0


class Room:
    """Leave for one task to hold its report, from when its size is announced until it is landed.

    Converting, sorting, hashing and writing a month takes several times its size. While the reports of some tasks are
    whole in memory, the first pages of the next are already on their way.
    """

    def __init__(self) -> None:
        self._rows = 0

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        self._hold(0)

    def take(self, rows: int) -> None:
        """Wait for room for so many rows, instead of those taken before."""
        self._hold(0)
        self._hold(min(rows, ROOM_ROWS))

    def _hold(self, rows: int) -> None:
        if self._rows > rows:
            give_back()
        with _Hall.changed:
            _Hall.changed.wait_for(lambda: _Hall.taken - self._rows + rows <= ROOM_ROWS)
            _Hall.taken += rows - self._rows
            self._rows = rows
            _Hall.changed.notify_all()
