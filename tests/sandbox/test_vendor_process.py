"""The sandbox as a process: its announcement, its calendar, its meters, its end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from .conftest import Contract, StartVendors, salesforce_client

PROGRAM = """
import sys
from pathlib import Path
from sandbox.vendors import serve
from tests.sandbox.vendor_miniature import MiniatureCompany
serve(Path(sys.argv[1]), MiniatureCompany(), until_stdin_closes=True, scale=0.5, seed=3)
"""


@contextmanager
def process(state: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout
        yield child, json.loads(child.stdout.readline())
    finally:
        child.kill()
        child.communicate()


def test_the_process_announces_itself_and_leaves_nothing_when_stdin_closes(tmp_path: Path) -> None:
    with process(tmp_path) as (child, contract):
        assert json.loads((tmp_path / "vendors.json").read_text()) == contract
        assert (tmp_path / "vendors.json").stat().st_mode & 0o077 == 0
        assert (contract["pid"], contract["seed"], contract["scale"]) == (child.pid, 3, 0.5)
        assert contract["endpoints"].keys() == {
            "google_analytics", "google_analytics_rest", "salesforce_global", "salesforce_americas", "ecb",
        }  # fmt: skip
        secrets = ("CONSUMER_KEY", "CONSUMER_SECRET", "USERNAME", "PASSWORD", "SECURITY_TOKEN", "PRIVATE_KEY")
        of_orgs = {f"SALESFORCE_{org}_{what}" for org in ("GLOBAL", "AMERICAS") for what in secrets}
        assert contract["env"].keys() == {"GOOGLE_ANALYTICS_CREDENTIALS", "TRECHTER_IDENTITY_KEY"} | of_orgs
        requests.post(contract["control"] + "/clock", json={"today": "2026-07-05"}, timeout=10).raise_for_status()
        child.communicate(timeout=10)
        assert (child.returncode, (tmp_path / "vendors.json").exists()) == (0, False)
    with process(tmp_path) as (child, contract):
        assert requests.get(contract["control"] + "/clock", timeout=10).json() == {"now": "2026-07-05T06:00:00Z"}
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=10) == 0
        assert not (tmp_path / "vendors.json").exists()


def test_the_calendar_moves_by_days_or_to_a_day_and_refuses_anything_else(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        clock = contract["control"] + "/clock"
        assert requests.get(clock, timeout=10).json() == {"now": "2026-07-01T06:00:00Z"}
        assert requests.post(clock, json={"advance_days": 2}, timeout=10).json() == {"now": "2026-07-03T06:00:00Z"}
        assert requests.post(clock, json={"today": "2026-07-10"}, timeout=10).json() == {"now": "2026-07-10T06:00:00Z"}
        for wrong in (
            {},
            {"advance_days": 0},
            {"today": "tomorrow"},
            {"today": "2027-01-01"},
            [1],
            {"advance_days": 1, "today": "2026-07-11"},
        ):
            answer = requests.post(clock, json=wrong, timeout=10)
            assert answer.status_code == 400
            assert answer.json()["error"]


def test_what_was_committed_later_shows_on_a_later_day(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        client = salesforce_client(contract)
        soql = "SELECT Status FROM Lead WHERE LastName = 'Jansen'"
        assert client.query(soql)["records"][0]["Status"] == "In behandeling"
        requests.post(contract["control"] + "/clock", json={"advance_days": 1}, timeout=10).raise_for_status()
        assert client.query(soql)["records"][0]["Status"] == "Afgewezen"


def test_meters_tell_what_was_asked_of_whom(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        client = salesforce_client(contract)
        client.query("SELECT Id FROM Lead LIMIT 3")
        list(client.bulk2.Lead.query("SELECT Id FROM Lead LIMIT 4", wait=0.01))
        meters = requests.get(contract["control"] + "/meters", timeout=10).json()
        org = meters["salesforce_global"]
        assert (org["logins"], org["jobs_created"], org["jobs_open"], org["max_in_flight"]) == (1, 1, 0, 1)
        assert org["rows"] == 3 + 4
        assert meters["google_analytics"]["requests"] == 0


def test_an_unknown_address_is_404_in_the_vendors_own_shape(vendors: Contract) -> None:
    google = requests.get(vendors["endpoints"]["google_analytics_rest"] + "/v2/nothing", timeout=10)
    assert (google.status_code, google.json()["error"]["status"]) == (404, "NOT_FOUND")
    headers = salesforce_client(vendors).headers
    url = vendors["endpoints"]["salesforce_global"] + "/services/data/v64.0/nothing"
    org = requests.get(url, headers=headers, timeout=10)
    assert (org.status_code, org.json()[0]["errorCode"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("vendor", ["ecb", "nobody"])
def test_only_vendors_with_a_quota_can_be_drained(vendors: Contract, vendor: str) -> None:
    answer = requests.post(f"{vendors['control']}/drain/{vendor}", json={}, timeout=10)
    assert answer.status_code == 400
    assert "google_analytics" in answer.json()["error"]
