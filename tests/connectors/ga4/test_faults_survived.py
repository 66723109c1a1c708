"""Faults after which every row is landed once, by one refresh, as if nothing had been."""

import pytest

from connectors.ga4 import extract
from connectors.ga4.streams import SESSIONS
from sandbox.faults import Action, Fault, Match, Remove
from tests.connectors.ga4.world import World

ONCE = Match(verb="RunReport")
FIRST_PAGE_OF_THREE = Match(verb="RunReport", page=2)
LONG = Match(verb="RunReport", above_days=1, times=0)
HOURLY = "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour."

FAULTS = {
    "unavailable (GA-05, GA-07)": (ONCE, Action(status=503)),
    "internal error (GA-07)": (ONCE, Action(status=500)),
    "html with status 200 (GA-38)": (ONCE, Action(html=True)),
    "body cut off (GA-38)": (ONCE, Action(cut_body_at=100)),
    "body cut off on the second page (GA-38)": (FIRST_PAGE_OF_THREE, Action(cut_body_at=1_000)),
    "body short, well framed (GA-38)": (ONCE, Action(truncate_body_at=700)),
    "body nothing (GA-38)": (ONCE, Action(truncate_body_at=0)),
    "corrupt compression (GA-38)": (ONCE, Action(corrupt_gzip=True)),
    "token ended (GA-33)": (FIRST_PAGE_OF_THREE, Action(expire_token=True)),
    "hour's tokens used up (GA-02)": (ONCE, Action(status=429, message=HOURLY)),
    "thresholded requests used up (GA-04)": (
        FIRST_PAGE_OF_THREE,
        Action(status=429, message="Exhausted potentially thresholded requests quota."),
    ),
    "too many at once (GA-03)": (ONCE, Action(status=429, message="Exhausted concurrent requests quota.")),
    "empty for a moment (GA-14)": (ONCE, Action(empty=True)),
    "rows lost (GA-08)": (ONCE, Action(drop_rows=2)),
    "rows lost on a later page (GA-08)": (FIRST_PAGE_OF_THREE, Action(drop_rows=2)),
    "rows doubled (GA-10)": (ONCE, Action(duplicate_rows=2)),
    "rows in place of others (GA-10)": (ONCE, Action(drop_rows=2, duplicate_rows=2)),
    "rows in place of others on a later page (GA-10)": (
        FIRST_PAGE_OF_THREE,
        Action(drop_rows=2, duplicate_rows=2),
    ),
    "rows in another order (GA-10)": (ONCE, Action(reorder_rows=9)),
    "report changes between pages (GA-11)": (
        FIRST_PAGE_OF_THREE,
        Action(remove_tuple=Remove("sessionMedium", "cpc")),
    ),
    "columns in another order (GA-30)": (Match(times=0), Action(shuffle_headers=True)),
    "totals among the rows (GA-28)": (Match(times=0), Action(reserved_total=True)),
    "sampled when long (GA-17)": (LONG, Action(sampled=40)),
    "rolled up when long (GA-15)": (LONG, Action(other_row=1)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_row_is_landed_once_in_spite_of(name: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """GA-02, GA-03, GA-04, GA-05, GA-07, GA-08, GA-10, GA-11, GA-14, GA-15, GA-17, GA-28, GA-30, GA-33, GA-38."""
    monkeypatch.setattr(extract, "PAGE_ROWS", 30)
    match, action = FAULTS[name]
    world.network.faults.add(Fault("google_analytics", match, action))
    world.refresh()
    assert world.network.faults.fired[0]["fired"] > 0
    assert world.landed() == world.truth()
    # What is sampled even when asked for alone lands with that remark: users of a week.
    assert [name for name in world.wrong_reports() if not (action.sampled and name == "users_by_week")] == []
    flags = {"sampling", "data_loss_from_other_row"}
    for window in world.landing.windows("ga4", SESSIONS.name, "nl"):
        assert not any(flag in window.metadata for flag in flags)


@pytest.mark.parametrize("action", [Action(status=503), Action(html=True)])
def test_every_row_is_landed_once_in_spite_of_a_token_service_that_stumbles(world: World, action: Action) -> None:
    """GA-33."""
    world.network.faults.add(Fault("google_identity", Match(), action))
    world.refresh()
    assert world.landed() == world.truth()


@pytest.mark.parametrize("action", [Action(hang=True), Action(slow_loris_seconds=30)])
def test_a_call_that_hangs_is_given_up_and_made_again(world: World, action: Action) -> None:
    """GA-07, OP-10."""
    world.fault(action, verb="RunReport", nth=2)
    world.refresh(timeout=1.0)
    assert world.landed() == world.truth()
