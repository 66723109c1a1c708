"""A network of the miniature company's vendors that a test may spoil, and the official clients for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from sandbox.faults import Action, Fault, Match
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.network import Network

from .vendor_miniature import TODAY, MiniatureCompany

GLOBAL, GA4 = "salesforce_global", "google_analytics"
DATA = "/services/data/v64.0"


@contextmanager
def spoilt_network(state: Path, settings: Settings | None = None) -> Iterator[Network]:
    network = Network(Cast(state, MiniatureCompany(), TODAY, settings or Settings()))
    try:
        yield network
    finally:
        network.stop()


def spoil(network: Network, vendor: str, match: Match | None = None, **action: Any) -> None:
    """This one fault, and no other."""
    network.faults.clear()
    network.faults.add(Fault(vendor, match or Match(), Action(**action)))


def fired(network: Network) -> list[int]:
    return [row["fired"] for row in network.faults.fired]


def raw(network: Network, client: Any, path: str, **query: Any) -> requests.Response:
    url = network.contract["endpoints"][GLOBAL] + DATA + path
    return requests.get(url, headers=client.headers, params=query, timeout=10, allow_redirects=False)
