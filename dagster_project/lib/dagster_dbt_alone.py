"""dagster-dbt without dbt, which runs in a process of its own and takes most of a second to load.

dagster-dbt asks for `dbt.version` to see whether there is a dbt in Python, and does without where there is none, as
beside dbt Fusion.
"""

import sys

ASKED_FOR = "dbt.version"

hidden = ASKED_FOR not in sys.modules
if hidden:
    sys.modules[ASKED_FOR] = None  # type: ignore[assignment]
try:
    from dagster_dbt import (
        DagsterDbtTranslator,
        DagsterDbtTranslatorSettings,
        DbtCliInvocation,
        DbtCliResource,
        DbtProject,
        dbt_assets,
    )
    from dagster_dbt.errors import DagsterDbtCliRuntimeError
finally:
    if hidden:
        del sys.modules[ASKED_FOR]

__all__ = [
    "DagsterDbtCliRuntimeError",
    "DagsterDbtTranslator",
    "DagsterDbtTranslatorSettings",
    "DbtCliInvocation",
    "DbtCliResource",
    "DbtProject",
    "dbt_assets",
]
