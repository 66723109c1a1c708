"""The European Central Bank's downloads."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import requests
from currency_converter import CurrencyConverter

from .conftest import Contract, StartVendors


def history(url: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(requests.get(url, timeout=10).content)) as archive:
        return archive.read("eurofxref-hist.csv").decode().splitlines()


def test_the_newest_rates_are_yesterdays_because_todays_are_not_out_at_six(vendors: Contract) -> None:
    lines = history(vendors["endpoints"]["ecb"])
    assert lines[0].startswith("Date,USD,JPY,")
    assert (lines[1][:10], lines[-1][:10]) == ("2026-06-30", "1999-01-04")


def test_rates_are_the_real_ones(vendors: Contract) -> None:
    header, newest = (line.split(",") for line in history(vendors["endpoints"]["ecb"])[:2])
    published = dict(zip(header, newest, strict=True))
    assert float(published["JPY"]) == CurrencyConverter().convert(1, "EUR", "JPY", date(2026, 6, 30))


def test_a_download_that_did_not_change_is_304_until_the_next_rates_come_out(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        url = contract["endpoints"]["ecb"]
        answer = requests.get(url, timeout=10)
        assert answer.headers["Last-Modified"] == "Tue, 30 Jun 2026 15:00:00 GMT"
        for header, known in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
            again = requests.get(url, headers={header: answer.headers[known]}, timeout=10)
            assert (again.status_code, again.content) == (304, b"")
        requests.post(contract["control"] + "/clock", json={"advance_days": 1}, timeout=10).raise_for_status()
        assert requests.get(url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=10).status_code == 200


def test_the_daily_file_holds_the_newest_rates_without_the_missing(vendors: Contract) -> None:
    url = vendors["endpoints"]["ecb"].replace("hist.zip", "daily.xml")
    root = ElementTree.fromstring(requests.get(url, timeout=10).content)
    cubes = [cube.attrib for cube in root.iter("{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube")]
    assert cubes[1] == {"time": "2026-06-30"}
    assert {"USD", "JPY", "GBP"} <= {cube["currency"] for cube in cubes[2:]}
    assert all(float(cube["rate"]) > 0 for cube in cubes[2:])


def test_todays_rates_come_out_in_the_afternoon(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        for seconds, newest in ((9 * 3_600 - 1, "2026-06-30"), (1, "2026-07-01")):
            moved = requests.post(contract["control"] + "/clock", json={"advance_seconds": seconds}, timeout=10)
            moved.raise_for_status()
            assert history(contract["endpoints"]["ecb"])[1][:10] == newest
