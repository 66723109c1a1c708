"""The same over HTTP/1.1, for networks that let no gRPC through: what may go wrong there goes wrong here."""

from __future__ import annotations

import pytest

from connectors.errors import ConfigurationError, SourceUnavailable
from connectors.ga4.client import GA4Client
from connectors.ga4.streams import SESSIONS, TOUCHPOINTS
from connectors.specs import GA4Connection
from sandbox.faults import Action, Fault, Match
from tests.connectors.ga4.test_faults_survived import FAULTS
from tests.connectors.ga4.world import NL, World

STREAMS = (SESSIONS, TOUCHPOINTS)


@pytest.fixture
def rest(world: World) -> World:
    world.transport = "rest"
    return world


def test_both_transports_land_the_same(rest: World) -> None:
    """GA-07."""
    summary = rest.refresh(streams=STREAMS)
    assert rest.landed() == rest.truth()
    version = rest.landing.version()
    rest.transport = "grpc"
    again = rest.refresh(streams=STREAMS, only_due=False)
    assert (again.changed, rest.landing.version()) == (False, version)
    assert again.api_calls == summary.api_calls


@pytest.mark.parametrize("name", FAULTS)
def test_over_rest_every_row_is_landed_once_in_spite_of(
    name: str, rest: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GA-02, GA-05, GA-07, GA-08, GA-10, GA-11, GA-14, GA-30, GA-33, GA-38."""
    monkeypatch.setattr("connectors.ga4.extract.PAGE_ROWS", 40)
    match, action = FAULTS[name]
    rest.network.faults.add(Fault("google_analytics", match, action))
    rest.refresh(streams=STREAMS)
    assert rest.network.faults.fired[0]["fired"] >= 1
    assert rest.landed() == rest.truth()


@pytest.mark.parametrize("action", [Action(hang=True), Action(slow_loris_seconds=30)])
def test_over_rest_a_call_that_hangs_or_trickles_is_given_up_and_made_again(rest: World, action: Action) -> None:
    """GA-07, OP-10."""
    rest.fault(action, verb="RunReport", nth=2)
    rest.refresh(timeout=1.0, streams=STREAMS)
    assert rest.landed() == rest.truth()


def test_over_rest_a_source_that_stays_away_is_asked_three_times(rest: World) -> None:
    """GA-05, GA-07."""
    rest.fault(Action(status=503), verb="RunReport", times=0)
    with rest.client() as client, pytest.raises(SourceUnavailable, match="did not answer"):
        client.check(NL.ga4_property)
    assert rest.meter()["server_errors"] == 3


def test_over_rest_revoked_access_names_the_role_and_no_secret(rest: World) -> None:
    """GA-32, PR-08."""
    rest.network.faults.add(Fault("google_analytics", Match(times=0), Action(status=403)))
    with rest.client() as client, pytest.raises(ConfigurationError, match="Viewer role") as raised:
        client.check_streams(NL.ga4_property)
    assert "Bearer" not in str(raised.value)


def test_rest_without_encryption_stays_on_this_machine(rest: World) -> None:
    """PR-15."""
    connection = GA4Connection(rest.connection().credentials_json, "http://analytics.example:80", transport="rest")
    with pytest.raises(ConfigurationError, match="must be on this machine"):
        GA4Client(connection, rest.now)
