"""Answers that must not be believed: the locale's run is red and says why, and what is landed stays as it was."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.errors import ConfigurationError, ConnectorError, IncompleteResponse, ShortReplacement
from connectors.ga4.streams import SESSIONS, STREAMS, TOUCHPOINTS
from connectors.windows import complete_days, days_between
from sandbox.faults import Action, Fault, Match, Remove, Rename, Restate, Truncation
from tests.connectors.ga4.world import DAYS, FIRST, LAST_FINAL, NL, US, World, morning

ALWAYS = Match(times=0)

REFUSED = {
    "another time zone (GA-25, GA-34)": (Action(switch_time_zone="Asia/Tokyo"), ConfigurationError, "Asia/Tokyo"),
    "another currency (GA-25, GA-34)": (Action(switch_currency="JPY"), ConfigurationError, "currency is JPY"),
    "a hidden metric (GA-19)": (Action(restricted_metric="keyEvents"), ConfigurationError, "may not see keyEvents"),
    "days beyond retention (GA-18)": (
        Action(truncation=Truncation("2026-06-10")),
        IncompleteResponse,
        "no longer holds .* Cause: cut off at 2026-06-10",
    ),
    "no number (GA-29)": (Action(odd_number="NaN"), IncompleteResponse, "no integer"),
    "rows that never come (GA-08)": (Action(drop_rows=1), IncompleteResponse, "announced rows arrived"),
    "html for ever (GA-38)": (Action(html=True), ConnectorError, "did not answer"),
    "beginnings of answers (GA-38)": (Action(truncate_body_at=0), IncompleteResponse, "ends early"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_landed_from(name: str, world: World) -> None:
    """GA-08, GA-18, GA-19, GA-25, GA-29, GA-34, GA-38."""
    action, kind, words = REFUSED[name]
    world.network.faults.add(Fault("google_analytics", ALWAYS, action))
    with pytest.raises(kind, match=words) as raised:
        world.refresh()
    assert raised.value.scope == "nl"
    assert raised.value.next_step
    assert not world.landed()


@pytest.mark.parametrize("name", REFUSED)
def test_landed_days_stay_as_they_were_after(name: str, world: World) -> None:
    """GA-36: what the source no longer gives is not taken from the landing either, also when all is fetched again."""
    world.refresh()
    version = world.landing.version()
    world.network.faults.add(Fault("google_analytics", ALWAYS, REFUSED[name][0]))
    with pytest.raises(ConnectorError):
        world.refresh(only_due=False)
    assert world.landed() == world.truth()
    assert world.landing.version() == version


def test_a_metric_that_is_renamed_stops_the_reports_that_ask_for_it_only(world: World) -> None:
    """GA-23, GA-22: ``conversions`` became ``keyEvents``. They are asked for at once: any may be refused first."""
    asking = [stream for stream in STREAMS if any(metric.api_name == "keyEvents" for metric in stream.metrics)]
    world.fault(Action(remove_field="keyEvents"), times=0)
    with pytest.raises(ConfigurationError, match="keyEvents") as raised:
        world.refresh()
    assert SESSIONS in asking
    assert raised.value.stream in {stream.name for stream in asking}
    assert not any(world.landed_days(stream) for stream in asking)
    assert world.landed_days(TOUCHPOINTS) == set(DAYS)


def test_access_that_is_revoked_stops_its_country_only(world: World) -> None:
    """GA-32."""
    world.fault(Action(status=403), property=NL.ga4_property, times=0)
    with pytest.raises(ConfigurationError, match="Viewer role"):
        world.refresh(NL)
    world.refresh(US)
    assert world.landed_days(SESSIONS, US) == set(DAYS)
    assert not world.landed_days(SESSIONS, NL)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action(remove_field="keyEvents"), "sessions: the property has no keyEvents"),
        (Action(remove_field="customUser:client_id"), "touchpoints: the property has no customUser:client_id"),
    ],
)
def test_a_check_of_the_streams_names_what_a_property_lacks(world: World, action: Action, words: str) -> None:
    """GA-22, GA-23."""
    with world.client() as client:
        client.check_streams(NL.ga4_property)
        world.fault(action, times=0)
        with pytest.raises(ConfigurationError, match=words):
            client.check_streams(NL.ga4_property)


def test_a_check_of_the_streams_names_fields_that_do_not_go_together(world: World) -> None:
    """GA-22."""
    mixed = type(SESSIONS)("mixed", TOUCHPOINTS.dimensions, SESSIONS.metrics)
    with world.client() as client, pytest.raises(ConfigurationError, match=r"mixed: .*engagedSessions"):
        client.check_streams(NL.ga4_property, [mixed])


def test_restated_days_are_fetched_until_they_are_final(world: World) -> None:
    """GA-12: yesterday, loaded once, would stay as it was at breakfast."""
    today = world.now().date()
    days = days_between(FIRST, today)
    world.refresh(days=days)
    assert world.landed() != world.truth(days)
    for _ in range(4):
        world.network.clock.advance(days=1)
        world.refresh(days=days)
    assert world.landed() == world.truth(days)


def test_a_restatement_that_renames_or_removes_a_tuple_leaves_no_stale_row(world: World) -> None:
    """GA-13: replaced are days, not rows."""
    world.refresh()
    world.fault(Action(rename_tuple=Rename("sessionCampaignName", "spring", "(not set)")), times=0)
    world.fault(Action(remove_tuple=Remove("sessionMedium", "(none)")), times=0)
    world.refresh(only_due=False)
    rows = world.landing.read(SESSIONS.dataset).to_pylist()
    assert {row["session_campaign_name"] for row in rows} == {"(organic)", "(not set)"}
    assert sum(row["sessions"] for row in rows) == 150 * len(DAYS)


def test_a_restated_day_takes_the_new_numbers_and_no_other_day_does(world: World) -> None:
    """GA-12, GA-13."""
    world.refresh()
    world.fault(Action(restate_day=Restate("2026-06-05", 200)), times=0)
    world.refresh(only_due=False)
    sums = dict.fromkeys(DAYS, 0)
    for row in world.landing.read(SESSIONS.dataset).to_pylist():
        sums[row["date"]] += row["sessions"]
    assert {day for day, number in sums.items() if number != 170} == {date(2026, 6, 5)}
    assert sums[date(2026, 6, 5)] == 340


def test_a_day_that_turns_empty_is_refused(world: World) -> None:
    """GA-14."""
    world.refresh()
    world.fault(Action(remove_tuple=Remove(day="2026-06-05")), times=0)
    with pytest.raises(ShortReplacement, match="2026-06-05"):
        world.refresh(only_due=False)
    assert world.landed() == world.truth()


def test_rows_withheld_for_privacy_are_not_taken_for_zero(world: World) -> None:
    """GA-16: the days say that rows may be missing, and no row says zero."""
    world.fault(Action(thresholded=50), times=0)
    world.refresh()
    assert all(count >= 50 for *_, count in _sessions(world))
    for window in world.landing.windows("ga4", SESSIONS.name, "nl"):
        assert json.loads(window.metadata)["subject_to_thresholding"]


def test_what_is_rolled_up_within_a_day_lands_as_a_member_of_its_own(world: World) -> None:
    """GA-15: dimensions stay texts, and the day says so."""
    world.fault(Action(other_row=1), times=0)
    world.refresh(days=DAYS[:3])
    assert {campaign for campaign, _ in _sessions(world)} == {"(organic)", "(other)"}
    assert sum(count for _, count in _sessions(world)) == 170 * 3
    windows = world.landing.windows("ga4", SESSIONS.name, "nl")
    assert [json.loads(window.metadata)["data_loss_from_other_row"] for window in windows] == [True] * 3


def test_every_day_says_by_which_definition_its_numbers_came_about(world: World) -> None:
    """GA-21: adding a metric to a report can change its others."""
    world.refresh()
    [definition] = {json.loads(w.metadata)["definition"] for w in world.landing.windows("ga4", "sessions", "nl")}
    assert definition == "sessions@1"


def test_today_is_never_landed(world: World) -> None:
    """GA-37."""
    today = world.now().date()
    world.refresh(days=days_between(LAST_FINAL, today))
    assert max(world.landed_days()) == today - timedelta(days=1)


def test_the_last_complete_day_is_the_propertys_and_not_ours() -> None:
    """GA-24: at 23:30 UTC it is noon of the next day in New Zealand, and still the same day in California."""
    now = morning(date(2026, 6, 30)).replace(hour=23, minute=30)
    days = days_between(date(2026, 6, 28), date(2026, 7, 2))
    assert max(complete_days(days, now, "Pacific/Auckland")) == date(2026, 6, 30)
    assert max(complete_days(days, now, "America/Los_Angeles")) == date(2026, 6, 29)


def _sessions(world: World) -> list[tuple[str, int]]:
    rows = world.landing.read(SESSIONS.dataset).to_pylist()
    return [(row["session_campaign_name"], row["sessions"]) for row in rows]


def test_days_from_the_cut_off_on_land_and_the_day_before_it_does_not(world: World) -> None:
    """GA-18: retention cuts between two days, and the property says so also of a report it holds in full."""
    cut_off = DAYS[9]
    world.fault(Action(truncation=Truncation(cut_off.isoformat())), times=0)
    world.refresh(days=DAYS[9:], streams=(SESSIONS, TOUCHPOINTS))
    assert world.landed() == world.truth(DAYS[9:])
    with pytest.raises(IncompleteResponse, match=f"cut off at {cut_off}"):
        world.refresh(days=DAYS[8:9])
    assert world.landed_days() == set(DAYS[9:])


@pytest.mark.parametrize("hosts", [("be.noordlicht.example",), ("acme.example", "shop.acme.example")])
def test_a_property_whose_visits_are_to_other_hosts_is_somebody_elses(world: World, hosts: tuple[str, ...]) -> None:
    """GA-34: number copied from a country with the same time zone and currency."""
    with pytest.raises(ConfigurationError, match=r"visits are to .*, not to ") as raised:
        world.refresh(replace(NL, hosts=hosts))
    assert (raised.value.scope, raised.value.stream) == ("nl", "sessions")
    assert not world.landed()
    assert world.landed_days(TOUCHPOINTS)


def test_a_property_with_visits_to_the_locales_hosts_and_their_subdomains_is_its_own(world: World) -> None:
    """GA-34, GA-35."""
    world.refresh(replace(NL, hosts=("noordlicht.example",)))
    assert world.landed() == world.truth()
