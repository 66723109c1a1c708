"""Nothing a test does touches the checkout's own data, whatever the environment says."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in [name for name in os.environ if name.startswith(("TRECHTER_", "DAGSTER_", "DBT_"))]:
        del os.environ[name]
    data: Path = tmp_path_factory.mktemp("data")
    os.environ["TRECHTER_DATA"] = str(data)
    os.environ["DAGSTER_HOME"] = str(data)
