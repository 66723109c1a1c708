"""One built warehouse for all tests: whoever comes first builds it, every test works on its own copy."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from tests.dbt import advertising, company, company_web, people
from tests.dbt.runner import WAREHOUSE_NAME, DbtProject, copied, show_held
from tests.dbt.warehouse import create_warehouse


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    """The dbt project, parsed."""
    return DbtProject(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a test run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "dbt-shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def built(project: DbtProject, shared: Path) -> Path:
    """The miniature company's warehouse after a whole build with unit tests; `outcome.json` lies beside it."""
    warehouse, report = shared / WAREHOUSE_NAME, shared / "outcome.json"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            parts = (
                company.configuration(),
                company_web.web(),
                company.rates(),
                people.crm(),
                people.visits(),
                advertising.ads(),
            )
            create_warehouse(warehouse, company.merged(*parts))
            outcome = project.run(warehouse, "build")
            report.write_text(json.dumps({"succeeded": outcome.succeeded, "unhappy": outcome.unhappy}))
    return warehouse


@pytest.fixture
def warehouse(built: Path, tmp_path: Path) -> Path:
    """A copy of the built warehouse to change and build again."""
    return copied(built, tmp_path)


@pytest.fixture
def held(warehouse: Path) -> Path:
    """The same, and it knows what its last build saw."""
    show_held(warehouse)
    return warehouse
