"""The last asset: the marts of one build, audited and made current, or not."""

import json
from datetime import timedelta

import dagster as dg

from dagster_project.lib.builds import current_build
from dagster_project.lib.gate import run_results_path
from dagster_project.lib.marts import public_marts
from dagster_project.lib.publish import publish
from dagster_project.lib.published_state import build_number
from dagster_project.lib.session import Session
from dagster_project.lib.vendors import real_clock
from dagster_project.lib.warehouse import build_inputs
from dagster_project.settings import Settings

KEY = dg.AssetKey(["published", "marts"])
LANDING_SWEEP_AGE = timedelta(days=1)
"""Landed files that nothing refers to any more go after this long: far longer than a commit or a build takes."""


class PublishConfig(dg.Config):
    """How careful to be."""

    allow_shrinking: bool = False
    """Publish although a mart has lost a fifth of its rows or more."""


def build_publish_asset(settings: Settings) -> dg.AssetsDefinition:
    """The asset `[published, marts]`. It fails, and the previous build stays current, when its gate finds anything."""
    marts = public_marts(json.loads(settings.dbt_manifest.read_text()))

    @dg.asset(
        key=KEY,
        description="One immutable build of all marts behind one pointer: what dashboards and `trechter query` read.",
        deps=[dg.AssetKey(["marts", name]) for name in marts],
        group_name="published",
        kinds={"duckdb", "parquet"},
    )
    def published_marts(
        context: dg.AssetExecutionContext, config: PublishConfig, session: dg.ResourceParam[Session]
    ) -> dg.MaterializeResult:
        here = session.settings
        session.writer.acquire(waiting=lambda: session.progress("publish", "waiting for another build"))
        made_from, as_of = build_inputs(here.warehouse)
        before = current_build(here.published)
        if before is not None and before.fingerprint == made_from:
            return dg.MaterializeResult(metadata={"build_id": before.build_id, "new": False})
        session.progress("publish", "writing and auditing the build")
        build = publish(
            here.warehouse,
            here.published,
            marts,
            run_results_path(here.dbt_target),
            as_of=as_of,
            now=real_clock(),
            fingerprint=made_from,
            made_for=build_number(here.warehouse),
            allow_shrinking=config.allow_shrinking,
        )
        swept = session.landing.sweep(real_clock(), LANDING_SWEEP_AGE)
        return dg.MaterializeResult(
            metadata={
                "build_id": build.build_id,
                "new": True,
                "landing_files_swept": len(swept),
                "as_of_at": build.as_of_at,
                "tests_passed": build.tests_passed,
                "rows": dg.MetadataValue.json(build.rows),
            }
        )

    return published_marts
