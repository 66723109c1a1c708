"""The sandbox as a process: announce where everything is, serve until told to stop, clean up."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from datetime import date
from pathlib import Path

import pyarrow as pa

from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.company import Company
from sandbox.vendors.ga4.messages import messages
from sandbox.vendors.network import Network


def serve(
    state: Path,
    company: Company,
    *,
    today: date | None = None,
    until_stdin_closes: bool = False,
    scale: float = 1.0,
    seed: int = 7,
    verbose: bool = False,
) -> None:
    """Serve a company's vendors until SIGTERM, SIGINT or, if asked for, the end of stdin.

    ``today`` sets the calendar; None goes on where ``<state>/clock.json`` left off, or starts on the demo's day.
    When everything listens, ``<state>/vendors.json`` is written and printed as one line; both name the ``seed`` and
    ``scale`` of the company. The file is removed at the end. Raises ValueError for a day the company has no data of.
    """
    # Arrow's default pool keeps what its threads once used: a peak of 850 MB over a whole extraction, against
    # 710-750 MB like this.
    pa.set_memory_pool(pa.system_memory_pool())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    network = Network(Cast(state, company, today, Settings()), _access_log() if verbose else None)
    announcement = json.dumps({**network.contract, "seed": seed, "scale": scale})
    path = state / "vendors.json"
    _write(path, announcement)
    sys.stdout.write(announcement + "\n")
    sys.stdout.flush()
    threading.Thread(target=messages, name="warm-up").start()
    if until_stdin_closes:
        threading.Thread(target=_wait_for_end_of_stdin, args=(stop,), name="stdin", daemon=True).start()
    try:
        stop.wait()
    finally:
        path.unlink(missing_ok=True)
        network.stop()


def _write(path: Path, text: str) -> None:
    staging = path.with_suffix(".json.new")
    # Only the owner may read it: it holds a private key, if only to a sandbox.
    staging.touch(mode=0o600)
    staging.write_text(text)
    os.replace(staging, path)


def _wait_for_end_of_stdin(stop: threading.Event) -> None:
    # Not through sys.stdin: its lock, held by this thread, would abort the interpreter's shutdown after a signal.
    while os.read(sys.stdin.fileno(), 4096):
        continue
    stop.set()


def _access_log() -> logging.Logger:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    return logging.getLogger("sandbox.vendors")
