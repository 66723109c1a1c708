"""Faults as rules: whom they befall, how often, in which order, and how they are written down."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from sandbox.faults import Action, Call, Edit, Fault, FaultPlan, Match, Remove, Rename, Restate, Truncation
from sandbox.faults.coding import from_json, to_json
from sandbox.faults.rules import NOTHING

from .conftest import StartVendors, grpc_client, salesforce_client
from .reports import report

NOW = datetime(2026, 7, 1, 6, tzinfo=UTC)
LEADS = Call("salesforce_global", "GET", "/services/data/v64.0/query", object="Lead", page=2, days=3.0)
OUTAGE = Action(status=503)


def plan(*faults: Fault, seed: int = 7) -> FaultPlan:
    made = FaultPlan(lambda: NOW, seed)
    made.add(*faults)
    return made


def strikes(match: Match, call: Call = LEADS, vendor: str = "salesforce_global", calls: int = 1) -> list[bool]:
    spoilt = plan(Fault(vendor, match, OUTAGE))
    return [spoilt.fire(call).action == OUTAGE for _ in range(calls)]


@pytest.mark.parametrize(
    "match",
    [
        Match(),
        Match(verb="GET"),
        Match(path=r"/v6\d\.0/query$"),
        Match(object="Lead", page=2),
        Match(above_days=2),
    ],
)
def test_a_fault_befalls_the_calls_that_fit_all_its_conditions(match: Match) -> None:
    assert strikes(match) == [True]


@pytest.mark.parametrize(
    "match",
    [
        Match(verb="POST"),
        Match(path="jobs"),
        Match(object="Contact", page=2),
        Match(object="Lead", page=1),
        Match(above_days=3),
        Match(property="310000001"),
        Match(nth=2),
        Match(probability=0.0),
    ],
)
def test_a_fault_spares_a_call_that_misses_one_condition(match: Match) -> None:
    assert strikes(match) == [False]


def test_a_fault_of_one_vendor_spares_the_others() -> None:
    assert strikes(Match(), vendor="salesforce_americas") == [False]


def test_a_fault_happens_once_unless_it_says_how_often() -> None:
    assert strikes(Match(), calls=3) == [True, False, False]
    assert strikes(Match(times=2), calls=3) == [True, True, False]
    assert strikes(Match(times=0), calls=3) == [True, True, True]
    assert strikes(Match(nth=2), calls=3) == [False, True, False]


def test_chance_is_repeatable_and_another_seed_is_another_chance() -> None:
    def thrown(seed: int) -> list[bool]:
        spoilt = plan(Fault("salesforce_global", Match(probability=0.3, times=0), OUTAGE), seed=seed)
        return [spoilt.fire(LEADS).action == OUTAGE for _ in range(200)]

    assert thrown(1) == thrown(1) != thrown(2)
    assert 30 < sum(thrown(1)) < 90


def test_the_first_fault_that_fits_strikes_and_the_next_waits_for_the_next_call() -> None:
    spoilt = plan(
        Fault("salesforce_global", Match(object="Lead"), OUTAGE),
        Fault("salesforce_global", Match(), Action(html=True)),
    )
    assert [spoilt.fire(LEADS).action for _ in range(3)] == [OUTAGE, Action(html=True), NOTHING]
    assert [(row["matched"], row["fired"]) for row in spoilt.fired] == [(3, 1), (2, 1)]


def test_what_a_vendor_knows_and_how_it_answers_go_wrong_together() -> None:
    spoilt = plan(
        Fault("google_analytics", Match(times=0), Action(switch_currency="USD")),
        Fault("google_analytics", Match(times=0), Action(switch_time_zone="UTC")),
        Fault("google_analytics", Match(), Action(drop_rows=2)),
        Fault("google_analytics", Match(), OUTAGE),
    )
    call = Call("google_analytics", "RunReport", "/v1beta/properties/1:runReport", property="1")
    standing = Action(switch_currency="USD", switch_time_zone="UTC")
    found = [spoilt.fire(call).action for _ in range(3)]
    assert found == [Action(drop_rows=2).over(standing), OUTAGE.over(standing), standing]


def test_lifted_faults_are_forgotten_and_what_hangs_is_let_go() -> None:
    spoilt = plan(Fault("ecb", Match(), Action(hang=True)))
    action = spoilt.fire(Call("ecb", "GET", "/")).action
    waiting = threading.Thread(target=spoilt.wait, args=(action,))
    waiting.start()
    time.sleep(0.05)
    assert waiting.is_alive()
    spoilt.clear()
    waiting.join(timeout=5)
    assert not waiting.is_alive()
    assert (spoilt.faults, spoilt.fired) == ((), [])


def test_a_fault_remembers_since_when_the_vendor_knows_otherwise() -> None:
    now = [NOW]
    spoilt = FaultPlan(lambda: now[0])
    spoilt.add(Fault("salesforce_global", Match(times=0), Action(hard_delete=1)))
    now[0] += timedelta(hours=1)
    spoilt.add(Fault("salesforce_global", Match(times=0), Action(hard_delete=2)))
    found = [(action.hard_delete, since) for action, since in spoilt.fire(LEADS).standing]
    assert found == [(1, NOW), (2, NOW + timedelta(hours=1))]


EVERYTHING = Action(
    status=500,
    code="X",
    restate_day=Restate("2026-06-20", 90),
    rename_tuple=Rename("sessionMedium", "cpc", "organic"),
    remove_tuple=Remove("sessionMedium", "cpc", "2026-06-20"),
    truncation=Truncation("2026-06-01"),
    system_touch=("00Q1E0000000001UAA",),
    edit=Edit(2, {"IsDeleted": True}, is_stamped=False),
)


def test_faults_survive_json() -> None:
    for action in (OUTAGE, EVERYTHING):
        fault = Fault("salesforce_global", Match(object="Lead", times=0), action)
        assert from_json(to_json(fault)) == fault
    assert to_json(Fault("ecb", Match(), OUTAGE)) == {"vendor": "ecb", "match": {}, "action": {"status": 503}}
    assert from_json({"vendor": "ecb", "action": {"status": 503}}) == Fault("ecb", Match(), OUTAGE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "fault must be a JSON object"),
        ({"vendor": "ecb", "match": {"verbs": "GET"}, "action": {"status": 503}}, "match has no verbs; it has above"),
        ({"vendor": "ecb", "action": {}}, "must set something"),
        ({"vendor": "ecb"}, "missing 1 required"),
        ({"vendor": "nobody", "action": {"status": 503}}, "vendors are"),
        ({"vendor": "ecb", "action": {"job_state": "Done"}}, "job states are"),
        ({"vendor": "ecb", "match": {"path": "("}, "action": {"status": 503}}, "no regular expression"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_words(content: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_json(content)


def test_faults_are_switched_on_listed_and_lifted_from_outside(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        address = contract["control"] + "/faults"
        outage = {"vendor": "salesforce_global", "match": {"object": "Lead"}, "action": {"status": 503}}
        listed = requests.post(address, json=[outage], timeout=10).json()
        assert listed == [{**outage, "matched": 0, "fired": 0}]
        client = salesforce_client(contract)
        with pytest.raises(Exception, match="SERVER_UNAVAILABLE"):
            client.query("SELECT Id FROM Lead LIMIT 1")
        assert client.query("SELECT Id FROM Lead LIMIT 1")["totalSize"] == 1
        assert requests.get(address, timeout=10).json() == [{**outage, "matched": 2, "fired": 1}]
        wrong = requests.post(address, json={"seed": 3, "faults": [outage, {"vendor": "x"}]}, timeout=10)
        assert wrong.status_code == 400
        assert len(requests.get(address, timeout=10).json()) == 1
        assert requests.delete(address, timeout=10).json() == []
        assert requests.get(address, timeout=10).json() == []


def test_the_clock_moves_inside_a_day_and_back_to_the_morning(start_vendors: StartVendors) -> None:
    with start_vendors() as contract:
        clock = contract["control"] + "/clock"

        def moved(**how: Any) -> Any:
            return requests.post(clock, json=how, timeout=10).json()

        assert moved(advance_seconds=3_600) == {"now": "2026-07-01T07:00:00Z"}
        assert moved(advance_seconds=20 * 3_600) == {"now": "2026-07-02T03:00:00Z"}
        assert moved(advance_days=1) == {"now": "2026-07-03T06:00:00Z"}
        assert "error" in moved(advance_seconds=-5)
        assert "error" in moved(advance_seconds=0)
        moved(advance_seconds=9 * 3_600)
        rates = requests.get(contract["endpoints"]["ecb"], timeout=10)
        assert rates.headers["Last-Modified"] == "Fri, 03 Jul 2026 15:00:00 GMT"
        client = grpc_client(contract)
        assert client.run_report(report(("date",), ("sessions",), "2026-07-01")).row_count == 1


@pytest.mark.parametrize("action", [{"status": 503}, {"html": True}, {"cut_body_at": 1_000}])
def test_the_banks_download_fails_like_any_other(start_vendors: StartVendors, action: dict[str, Any]) -> None:
    with start_vendors() as contract:
        fault = {"vendor": "ecb", "match": {}, "action": action}
        requests.post(contract["control"] + "/faults", json=[fault], timeout=10).raise_for_status()
        try:
            answer = requests.get(contract["endpoints"]["ecb"], timeout=10)
            is_good = answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
        except requests.RequestException:
            is_good = False
        assert not is_good
        assert requests.get(contract["endpoints"]["ecb"], timeout=10).content[:2] == b"PK"
