from pathlib import Path

import pytest

from connectors.landing import Landing
from tests.connectors.landing.samples import NOW


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing", lambda: NOW)
