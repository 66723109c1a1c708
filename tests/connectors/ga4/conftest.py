from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.ga4.client import GA4Client
from sandbox.vendors.cast import Settings
from tests.connectors.ga4.fake import FakeGoogle, Now, client_of
from tests.connectors.ga4.world import World


@pytest.fixture
def google() -> FakeGoogle:
    return FakeGoogle()


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def client(google: FakeGoogle, now: Now) -> Iterator[GA4Client]:
    with client_of(google, now) as client:
        yield client


StartWorld = Callable[[Settings], World]


@pytest.fixture
def start_world(tmp_path: Path) -> Iterator[StartWorld]:
    """Makes a world with limits of its own."""
    with ExitStack() as closing:

        def start(settings: Settings) -> World:
            world = World(tmp_path, settings)
            closing.callback(world.network.stop)
            return world

        yield start


@pytest.fixture
def world(start_world: StartWorld) -> World:
    return start_world(Settings())
