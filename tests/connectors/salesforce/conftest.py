from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.salesforce import bulk, extract
from connectors.salesforce.client import SalesforceClient
from sandbox.company.store import Company, load_company
from sandbox.vendors.cast import Settings
from tests.connectors.salesforce.fake import FakeOrg, client_of
from tests.connectors.salesforce.records import fields_of_org
from tests.connectors.salesforce.served import ServedOrg


@pytest.fixture
def org() -> FakeOrg:
    return FakeOrg(fields=fields_of_org())


@pytest.fixture
def client(org: FakeOrg) -> Iterator[SalesforceClient]:
    with client_of(org) as client:
        yield client


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return load_company(tmp_path_factory.mktemp("company"), scale=0.005)


@pytest.fixture
def serve(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ServedOrg]]:
    """An org with limits of its own; jobs and pages are small, so that a small company has many."""
    monkeypatch.setattr(extract, "BULK_ABOVE_ROWS", 100)
    monkeypatch.setattr(bulk, "PAGE_ROWS", 150)
    started: list[ServedOrg] = []

    def start(settings: Settings | None = None) -> ServedOrg:
        started.append(ServedOrg(company, tmp_path, settings or Settings()))
        return started[-1]

    yield start
    for served in started:
        served.network.stop()


@pytest.fixture
def served(serve: Callable[..., ServedOrg]) -> ServedOrg:
    return serve()
