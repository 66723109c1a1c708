from collections.abc import Iterator

import pytest

from connectors.ga4.client import GA4Client
from tests.connectors.ga4.fake import FakeGoogle, client_of


@pytest.fixture
def google() -> FakeGoogle:
    return FakeGoogle()


@pytest.fixture
def client(google: FakeGoogle) -> Iterator[GA4Client]:
    with client_of(google) as client:
        yield client
