"""Running vendors of the miniature company, and official clients for them that know nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataRestTransport,
)
from simple_salesforce.api import Salesforce

from benchmarks.loopback import ToLoopback, google_credentials, grpc_transport
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.network import Network

from .faulty_network import spoilt_network
from .vendor_miniature import TODAY, MiniatureCompany

Contract = dict[str, Any]
StartVendors = Callable[..., AbstractContextManager[Contract]]
DOMAINS = {"global": "noordlicht.my", "americas": "noordlicht-americas.my"}


@contextmanager
def running(state: Path, settings: Settings) -> Iterator[Contract]:
    network = Network(Cast(state, MiniatureCompany(), TODAY, settings))
    try:
        yield network.contract
    finally:
        network.stop()


@pytest.fixture(scope="session")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    """Vendors for tests that only read; their calendar stays where it is."""
    with running(tmp_path_factory.mktemp("vendors"), Settings()) as contract:
        yield contract


@pytest.fixture
def start_vendors(tmp_path: Path) -> StartVendors:
    """Vendors of a test's own, with limits of its own: ``with start_vendors(Settings(…)) as contract``."""
    return lambda settings=None: running(tmp_path, settings or Settings())


def grpc_client(contract: Contract, credentials: Any = None) -> Any:
    return BetaAnalyticsDataClient(transport=grpc_transport(contract, credentials))


def rest_client(contract: Contract) -> Any:
    host = contract["endpoints"]["google_analytics_rest"].removeprefix("http://")
    transport = BetaAnalyticsDataRestTransport(host=host, credentials=google_credentials(contract), url_scheme="http")
    return BetaAnalyticsDataClient(transport=transport)


def salesforce_client(contract: Contract, org: str = "global", **overrides: str) -> Any:
    session = requests.Session()
    session.mount("https://", ToLoopback(contract["endpoints"][f"salesforce_{org}"]))
    env = contract["env"]
    wanted = {
        "consumer_key": env[f"SALESFORCE_{org.upper()}_CONSUMER_KEY"],
        "consumer_secret": env[f"SALESFORCE_{org.upper()}_CONSUMER_SECRET"],
        **overrides,
    }
    return Salesforce(domain=DOMAINS[org], version="64.0", session=session, **wanted)


@pytest.fixture(scope="session", params=["grpc", "rest"])
def analytics(request: pytest.FixtureRequest, vendors: Contract) -> Any:
    """The official GA4 client over each of its transports."""
    return grpc_client(vendors) if request.param == "grpc" else rest_client(vendors)


@pytest.fixture(scope="session")
def salesforce(vendors: Contract) -> Any:
    """The official Salesforce client of org global."""
    return salesforce_client(vendors)


@pytest.fixture(scope="module")
def module_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Vendors that a file's tests may spoil; no test sees what another did."""
    with spoilt_network(tmp_path_factory.mktemp("faults")) as network:
        yield network


@pytest.fixture
def network(module_network: Network) -> Iterator[Network]:
    """The same on their first day, with nothing wrong with them to begin with."""
    yield module_network
    module_network.faults.clear()
    module_network.clock.set(TODAY)


@pytest.fixture(scope="module")
def client(module_network: Network) -> Any:
    """The official Salesforce client of org global."""
    return salesforce_client(module_network.contract)
