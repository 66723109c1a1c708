"""A copy of the committed configuration for each test."""

import shutil
from pathlib import Path

import pytest

from tests.dagster_project.config.editing import COMMITTED


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The committed configuration, to be changed."""
    return Path(shutil.copytree(COMMITTED, tmp_path / "config"))
