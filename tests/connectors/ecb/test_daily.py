"""The newest day's file stands for the history where nothing else can be missing, and lands the same rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.ecb.daily import follows, parse_daily
from connectors.ecb.history import parse_history
from connectors.ecb.refresh import refresh_rates
from connectors.ecb.streams import RATES
from connectors.errors import IncompleteResponse
from connectors.landing import Landing
from connectors.specs import ECBConnection
from sandbox.vendors import ecb as sandbox_ecb
from tests.connectors.ecb.test_history import zipped
from tests.connectors.ecb.test_refresh import FakeBank

NOW = datetime(2026, 1, 9, 6, tzinfo=UTC)
HEADER = "Date,USD,JPY,HRK,\n"
DAYS = {
    "2026-01-09": "2026-01-09,1.04,162,N/A,\n",
    "2026-01-08": "2026-01-08,1.03,161.5,N/A,\n",
    "2026-01-07": "2026-01-07,1.0321,161.50,N/A,\n",
    "2025-12-31": "2025-12-31,1.0389,163.06,N/A,\n",
}
UNTIL_7TH = HEADER + DAYS["2026-01-07"] + DAYS["2025-12-31"]
UNTIL_8TH = HEADER + DAYS["2026-01-08"] + DAYS["2026-01-07"] + DAYS["2025-12-31"]


def daily(day: str, **rates: str) -> bytes:
    cubes = "".join(f"<Cube currency='{currency}' rate='{rate}'/>" for currency, rate in rates.items())
    return (
        "<?xml version='1.0' encoding='UTF-8'?><gesmes:Envelope xmlns:gesmes='x' xmlns='y'>"
        f"<gesmes:subject>Reference rates</gesmes:subject><Cube><Cube time='{day}'>{cubes}</Cube></Cube>"
        "</gesmes:Envelope>\n"
    ).encode()


EIGHTH = daily("2026-01-08", USD="1.03", JPY="161.5")


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    """With rates until 7 January, a Wednesday."""
    landing = Landing(tmp_path / "landing", lambda: NOW)
    refresh(landing, FakeBank(zipped(UNTIL_7TH)))
    return landing


def refresh(landing: Landing, bank: FakeBank, now: datetime = NOW) -> Any:
    with bank.serving() as connection:
        return refresh_rates(connection, landing, clock=lambda: now, sleep=lambda _: None)


def content(landing: Landing) -> list[tuple[Any, ...]]:
    """Every landed rate, and what the manifest says of each year's."""
    rows = [(r["rate_date"], r["currency"], r["rate"], r["inverse_rate"]) for r in landing.read(RATES).to_pylist()]
    return [*sorted(rows), *((w.start, w.rows, w.content_hash) for w in landing.windows("ecb", "rates", "shared-ecb"))]


def test_where_one_day_is_missing_its_file_alone_is_fetched_and_the_same_rows_land(
    landing: Landing, tmp_path: Path
) -> None:
    bank = FakeBank(zipped(UNTIL_8TH), '"2"', daily=EIGHTH)
    summary = refresh(landing, bank)
    assert bank.asked == ["daily.xml"]
    assert (summary.rows, summary.last_rate_date, summary.changed, summary.api_calls) == (2, date(2026, 1, 8), True, 1)
    whole = Landing(tmp_path / "whole", lambda: NOW)
    refresh(whole, bank)
    assert content(landing) == content(whole)
    # And the history has nothing to add to them.
    before = landing.read(RATES).to_pylist()
    assert not refresh(landing, bank, NOW + timedelta(days=8)).changed
    assert landing.read(RATES).to_pylist() == before


def test_a_day_that_is_landed_changes_nothing(landing: Landing) -> None:
    version = landing.version()
    summary = refresh(landing, FakeBank(daily=daily("2026-01-07", USD="1.0321", JPY="161.50")))
    assert (summary.not_modified, summary.changed, summary.last_rate_date) == (True, False, date(2026, 1, 7))
    assert landing.version() == version


def test_a_first_day_of_a_year_lands_in_a_year_of_its_own(tmp_path: Path) -> None:
    landing = Landing(tmp_path, lambda: NOW)
    refresh(landing, FakeBank(zipped(HEADER + DAYS["2025-12-31"])))
    summary = refresh(landing, FakeBank(daily=daily("2026-01-01", USD="1", JPY="2")))
    assert (summary.changed, [file.segment for file in landing.files("ecb", "rates")]) == (True, ["2025", "2026"])


@pytest.mark.parametrize(
    "document",
    [
        daily("2026-01-09", USD="1.04", JPY="162"),  # Thursday is missing, too
        daily("2026-01-08", USD="1.03"),  # one less: has it left, or is the file not whole?
        EIGHTH[:-20],
        EIGHTH.replace(b"161.5", b"N/A"),
        EIGHTH.replace(b"161.5", b"0"),
        b"<html>Service unavailable</html>",
        None,
    ],
)
def test_whatever_else_there_is_the_history_decides(landing: Landing, document: bytes | None) -> None:
    bank = FakeBank(zipped(HEADER + DAYS["2026-01-09"] + UNTIL_8TH[len(HEADER) :]), '"2"', daily=document)
    assert refresh(landing, bank).last_rate_date == date(2026, 1, 9)
    assert bank.asked == ["daily.xml", "hist.zip"]


def test_once_a_week_the_history_is_looked_at_for_corrections(landing: Landing) -> None:
    bank = FakeBank(zipped(UNTIL_8TH.replace("1.0389", "1.0398")), '"2"', daily=EIGHTH)
    refresh(landing, bank)
    assert Decimal("1.0398") not in landing.read(RATES)["rate"].to_pylist()
    assert refresh(landing, bank, NOW + timedelta(days=7)).changed
    assert Decimal("1.0398") in landing.read(RATES)["rate"].to_pylist()
    assert bank.asked == ["daily.xml", "hist.zip"]


@pytest.mark.parametrize(
    ("last", "day", "is_next"),
    [
        ("2026-01-07", "2026-01-08", True),
        ("2026-01-09", "2026-01-12", True),  # over a weekend
        ("2026-01-09", "2026-01-13", False),
        ("2026-04-02", "2026-04-07", False),  # over Easter: nobody can tell from the dates
        ("2026-01-08", "2026-01-08", False),
        ("2026-01-08", "2026-01-07", False),
    ],
)
def test_a_day_follows_another_if_no_working_day_lies_between(last: str, day: str, is_next: bool) -> None:
    assert follows(date.fromisoformat(day), date.fromisoformat(last)) == is_next


def test_the_file_is_read_as_the_history_is() -> None:
    lines = sandbox_ecb.published(date(2026, 7, 1))
    one = parse_daily(sandbox_ecb._daily(lines[0], lines[1]))
    other = parse_history(zipped("\n".join(lines[:2]) + "\n"))
    assert one.sort_by("currency").equals(other.sort_by("currency"))


def test_an_address_without_encryption_is_refused_for_the_day_as_for_the_history(landing: Landing) -> None:
    with pytest.raises(Exception, match="this machine"):
        refresh_rates(ECBConnection("http://rates.vendor.example/x.zip"), landing, clock=lambda: NOW)


def test_a_document_that_names_no_day_is_refused() -> None:
    with pytest.raises(IncompleteResponse):
        parse_daily(EIGHTH.replace(b"time=", b"tide="))
