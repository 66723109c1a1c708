"""A limit for a whole answer: a body that trickles in never runs into a read limit, which every byte begins anew."""

from __future__ import annotations

import threading
from contextlib import suppress

import requests


def read_within(response: requests.Response, seconds: float) -> bool:
    """Read the whole body of a streamed response; False if the time was up before its end (OP-10).

    Raises requests' errors for a body that breaks off.
    """
    late = threading.Event()

    def hang_up() -> None:
        late.set()
        with suppress(ValueError, RuntimeError):  # it had just been read to its end
            response.raw.shutdown()

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        _ = response.content
    except (requests.RequestException, OSError):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    return not late.is_set()
