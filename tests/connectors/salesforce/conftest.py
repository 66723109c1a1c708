from collections.abc import Iterator

import pytest

from connectors.salesforce.client import SalesforceClient
from tests.connectors.salesforce.fake import FakeOrg, client_of
from tests.connectors.salesforce.records import fields_of_org


@pytest.fixture
def org() -> FakeOrg:
    return FakeOrg(fields=fields_of_org())


@pytest.fixture
def client(org: FakeOrg) -> Iterator[SalesforceClient]:
    with client_of(org) as client:
        yield client
