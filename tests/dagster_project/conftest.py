"""What tests of publication start from."""

from pathlib import Path

import pytest

from tests.dagster_project.publishing import Work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path)
