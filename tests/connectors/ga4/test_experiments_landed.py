"""What experiments need lands where they run, on their days, and without anybody's client id."""

from dataclasses import replace
from datetime import date, datetime

from connectors.ga4.experiment_streams import EXPERIMENT_STREAMS, EXPOSURES, VISITOR_EVENTS
from connectors.windows import days_between
from tests.connectors.ga4.world import NL, PEOPLE, World

JUNE = days_between(date(2026, 6, 1), date(2026, 6, 30))
SPAN = (date(2026, 6, 24), date(2026, 6, 28))
WHILE_IT_RUNS = tuple(replace(stream, only=(SPAN,)) for stream in EXPERIMENT_STREAMS)


def test_what_visitors_were_shown_and_did_lands_under_their_keys(world: World) -> None:
    world.refresh(NL, JUNE, streams=WHILE_IT_RUNS)
    shown = world.landing.read(EXPOSURES.dataset, "nl").to_pylist()
    keys = {name: PEOPLE.visitor_key(name) for name in ("c1", "c3")}
    assert [(row["date_hour_minute"], row["visitor_key"], row["variant_value"]) for row in shown] == [
        ("202606251015", keys["c1"], "T-FORM-LONG"),
        ("202606251015", keys["c1"], "T-PRICE-NONE"),
        ("202606260900", keys["c3"], "T-FORM-SHORT"),
    ]
    (done,) = world.landing.read(VISITOR_EVENTS.dataset, "nl").to_pylist()
    assert (done["visitor_key"], done["event_name"], done["key_events"]) == (keys["c3"], "generate_lead", 1.0)


def test_days_outside_an_experiment_are_not_asked_for(world: World) -> None:
    world.refresh(NL, JUNE, streams=WHILE_IT_RUNS)
    for stream in WHILE_IT_RUNS:
        landed = {window.start for window in world.landing.windows("ga4", stream.name, "nl")}
        assert landed == {day.isoformat() for day in days_between(*SPAN)}


def test_when_an_experiment_is_over_nothing_more_is_asked(world: World) -> None:
    world.go_to(datetime.fromisoformat("2026-07-10T06:00:00+00:00"))
    world.refresh(NL, JUNE, streams=WHILE_IT_RUNS)
    before = world.meter()["requests"]
    assert world.refresh(NL, days_between(date(2026, 6, 1), date(2026, 7, 9)), streams=WHILE_IT_RUNS).days == 0
    assert world.meter()["requests"] == before
