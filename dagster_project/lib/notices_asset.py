"""Telling of signals as an asset: after a publication, from what was published, and never in its way."""

import dagster as dg

from dagster_project.config import Config
from dagster_project.lib.publish_assets import KEY as PUBLISHED
from dagster_project.lib.session import Session
from dagster_project.lib.vendors import real_clock
from dagster_project.notices.telling import tell

KEY = dg.AssetKey(["notices", "signals"])
TELL_JOB = "tell_of_signals"


def build_notices_asset() -> dg.AssetsDefinition:
    """The asset `[notices, signals]`. It is red while somebody cannot be told; what was published stays published."""

    @dg.asset(
        key=KEY,
        description="Who was told of signals that began or are over: each of them once.",
        deps=[PUBLISHED],
        group_name="notices",
    )
    def notices(context: dg.AssetExecutionContext, session: dg.ResourceParam[Session]) -> dg.MaterializeResult:
        told = tell(session.settings, session.config, real_clock)
        return dg.MaterializeResult(metadata={"notices": told.notices, "messages": told.messages})

    return notices


def build_notices_job() -> "dg.JobDefinition":
    """Tell of what is new, in one process."""
    return dg.define_asset_job(  # type: ignore[return-value]
        TELL_JOB,
        selection=dg.AssetSelection.assets(KEY),
        executor_def=dg.in_process_executor,
        description="Tell whoever is concerned of signals that began or are over.",
    )


def build_notices_sensor(config: Config) -> dg.SensorDefinition:
    """Starts the job after every publication."""
    is_live = config.project.mode == "live"

    @dg.asset_sensor(
        asset_key=PUBLISHED,
        name="tell_when_published",
        job_name=TELL_JOB,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING if is_live else dg.DefaultSensorStatus.STOPPED,
    )
    def tell_when_published(_context: dg.SensorEvaluationContext, event: dg.EventLogEntry) -> dg.RunRequest:
        return dg.RunRequest(run_key=event.run_id)

    return tell_when_published
