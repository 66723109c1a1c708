"""The rows of a day beside the one number the property says for it."""

from __future__ import annotations

from datetime import timedelta

from connectors.ga4.reconcile import Reconciled, reconcile
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from sandbox.faults import Action, Restate
from tests.connectors.ga4.world import DAYS, LAST_FINAL, NL, PEOPLE, World


def reconciled(world: World) -> Reconciled | None:
    with world.client() as client:
        days = (*DAYS, LAST_FINAL + timedelta(days=1))
        return reconcile(client, world.landing, NL, days, clock=world.now, pseudonymiser=PEOPLE)


def test_rows_that_add_up_agree_with_the_total_of_the_newest_final_day(world: World) -> None:
    """GA-21."""
    world.refresh(streams=(SESSIONS, TOUCHPOINTS))
    found = reconciled(world)
    assert found == Reconciled(LAST_FINAL, 170, 170)
    assert found.agrees


def test_rows_that_do_not_add_up_to_the_propertys_total_are_noticed(world: World) -> None:
    """GA-21: a metric added to the report changed its other numbers."""
    world.fault(Action(restate_day=Restate(percent=90)), times=0)
    world.refresh(streams=(SESSIONS,))
    world.network.faults.clear()
    found = reconciled(world)
    assert found is not None
    assert (found.total, found.agrees) == (170, False)
    assert found.landed < 160


def test_without_a_final_day_there_is_nothing_to_compare_and_nothing_is_asked(world: World) -> None:
    """GA-21."""
    assert reconciled(world) is None
    assert "google_analytics/310000001" not in world.network.meters()
