import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from connectors.ecb.refresh import check, refresh_rates
from connectors.ecb.streams import RATES
from connectors.errors import ConfigurationError, IncompleteResponse, ShortReplacement, SourceUnavailable
from connectors.landing import Landing
from connectors.specs import ECBConnection
from tests.connectors.ecb.test_history import HISTORY, zipped

NOW = datetime(2026, 1, 6, 6, tzinfo=UTC)


@dataclass
class FakeBank:
    content: bytes = zipped(HISTORY)
    etag: str = '"1"'
    statuses: list[int] = field(default_factory=list)
    conditions: list[str | None] = field(default_factory=list)
    trickles: int = 0
    """How many answers come a byte at a time, and never to an end."""
    daily: bytes | None = None
    """The newest day's file; a mirror may have none."""
    asked: list[str] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[ECBConnection]:
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                bank.asked.append(self.path.rpartition("-")[2])
                if self.path.endswith("daily.xml"):
                    self.send_response(200 if bank.daily else 404)
                    self.end_headers()
                    self.wfile.write(bank.daily or b"")
                    return
                condition = self.headers.get("If-None-Match")
                bank.conditions.append(condition)
                status = bank.statuses.pop(0) if bank.statuses else 304 if condition == bank.etag else 200
                self.send_response(status)
                self.send_header("ETag", bank.etag)
                self.end_headers()
                if bank.trickles:
                    bank.trickles -= 1
                    with suppress(OSError):
                        while True:
                            self.wfile.write(b"P")
                            self.wfile.flush()
                            time.sleep(0.02)
                self.wfile.write(bank.content if status == 200 else b"")

            def log_message(self, *_: Any) -> None: ...

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield ECBConnection(f"http://127.0.0.1:{server.server_port}/eurofxref-hist.zip")
        finally:
            server.shutdown()
            server.server_close()


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path, lambda: NOW)


def refresh(landing: Landing, bank: FakeBank, **options: Any) -> Any:
    with bank.serving() as connection:
        return refresh_rates(connection, landing, clock=lambda: NOW, sleep=lambda _: None, **options)


def test_rates_land_in_a_file_a_year(landing: Landing) -> None:
    summary = refresh(landing, FakeBank())
    assert (summary.rows, summary.years, summary.last_rate_date, summary.changed) == (9, 3, date(2026, 1, 5), True)
    assert [file.segment for file in landing.files("ecb", "rates")] == ["2022", "2025", "2026"]
    assert landing.read(RATES)["_connection"].unique().to_pylist() == ["ecb"]


def test_a_file_that_has_not_changed_is_not_fetched_again(landing: Landing) -> None:
    bank = FakeBank()
    refresh(landing, bank)
    version = landing.version()
    summary = refresh(landing, bank)
    assert bank.conditions == [None, '"1"']
    assert (summary.not_modified, summary.changed, summary.last_rate_date) == (True, False, date(2026, 1, 5))
    assert landing.version() == version


def test_earlier_years_than_landed_are_fetched_whatever_the_etag(landing: Landing) -> None:
    bank = FakeBank()
    refresh(landing, bank, first_year=2025)
    assert refresh(landing, bank, first_year=2022).years == 3
    assert bank.conditions == [None, None]


def test_a_new_day_changes_its_year_only(landing: Landing) -> None:
    refresh(landing, FakeBank())
    newer = HISTORY.replace("2026-01-05", "2026-01-06,1.0333,160.00,N/A,N/A,\n2026-01-05")
    summary = refresh(landing, FakeBank(zipped(newer), '"2"'))
    assert (summary.changed, summary.last_rate_date) == (True, date(2026, 1, 6))
    loads = {row["rate_date"].year: row["_load_seq"] for row in landing.read(RATES).to_pylist()}
    assert loads == {2022: 1, 2025: 2, 2026: 4}
    assert Decimal("1.0333") in landing.read(RATES)["rate"].to_pylist()


def test_a_history_without_most_of_a_year_is_refused(landing: Landing) -> None:
    lines = "".join(f"2026-02-{day:02},1.{day:02},160,\n" for day in range(27, 1, -1))
    refresh(landing, FakeBank(zipped(f"Date,USD,JPY,\n{lines}")))
    with pytest.raises(ShortReplacement):
        refresh(landing, FakeBank(zipped("Date,USD,JPY,\n2026-02-02,1.02,160,\n"), '"2"'))


def test_passing_troubles_are_tried_again_and_lasting_ones_reported(landing: Landing) -> None:
    assert refresh(landing, FakeBank(statuses=[503, 500])).api_calls == 3
    with pytest.raises(SourceUnavailable, match="HTTP 503"):
        refresh(landing, FakeBank(statuses=[503] * 3, etag='"2"'))


def test_a_wrong_address_is_a_matter_of_configuration(landing: Landing) -> None:
    with pytest.raises(ConfigurationError, match="HTTP 404"):
        refresh(landing, FakeBank(statuses=[404]))
    with pytest.raises(ConfigurationError, match="this machine"):
        check(ECBConnection("http://rates.vendor.example/x.zip"))


def test_a_file_cut_short_lands_nothing(landing: Landing) -> None:
    with pytest.raises(IncompleteResponse):
        refresh(landing, FakeBank(zipped(HISTORY)[:-30]))
    assert landing.version() == 0


def test_the_address_can_be_checked() -> None:
    with FakeBank().serving() as connection:
        check(connection)


def test_an_answer_that_trickles_in_is_given_up_and_asked_for_again(landing: Landing) -> None:
    """OP-10: each byte begins a read limit anew, so the whole answer has one too."""
    bank = FakeBank(trickles=1)
    summary = refresh(landing, bank, deadline=0.3)
    assert (summary.rows, summary.api_calls) == (9, 2)
    with pytest.raises(SourceUnavailable, match=r"no end of it within 0.1 s"):
        refresh(Landing(landing.root / "other", lambda: NOW), FakeBank(trickles=9), deadline=0.1)
