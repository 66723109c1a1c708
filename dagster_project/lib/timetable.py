"""Schedules and the sensor. Which days are fetched is read from the landing: a missed tick leaves no hole."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import dagster as dg

from connectors import windows
from connectors.ga4.due import due_days
from connectors.landing import Landing
from dagster_project.config import Config
from dagster_project.lib.builds import current_build
from dagster_project.lib.jobs import BUILD_JOB, crm_connections, ga4_job_name, rate_connections
from dagster_project.lib.vendors import present, real_clock
from dagster_project.lib.warehouse import fingerprint
from dagster_project.lib.web_scopes import WebScope, web_scopes
from dagster_project.settings import Settings

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def due_months(landing: Landing, scope: WebScope, now: datetime) -> list[str]:
    """Partition keys (`2026-03-01`) of the months in which a scope has a day to fetch, oldest first."""
    last = min(windows.last_complete_day(now, scope.spec.time_zone), scope.closed or date.max)
    if last < scope.go_live:
        return []
    days = windows.days_between(scope.go_live, last)
    due = {day for stream in due_days(landing, scope.spec, days, now, scope.streams).values() for day in stream}
    return sorted({f"{windows.month_of(day)}-01" for day in due})


def month_ranges(months: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Runs of consecutive month keys as (first, last), since one run takes one range of partitions."""
    first = last = None
    for month in sorted(months):
        if first is None or last is None:
            first = last = month
        elif _next_month(last) == month:
            last = month
        else:
            yield first, last
            first = last = month
    if first is not None and last is not None:
        yield first, last


def build_schedules(config: Config, settings: Settings) -> list[dg.ScheduleDefinition]:
    """One schedule a locale in its own time zone, one a CRM org, one for the rates."""
    running = dg.DefaultScheduleStatus.RUNNING if config.project.mode == "live" else dg.DefaultScheduleStatus.STOPPED
    return [
        *(_ga4_schedule(scope, config, settings, running) for scope in web_scopes(config).values()),
        *(
            dg.ScheduleDefinition(
                name=f"{name}_hourly", job_name=name, cron_schedule="5 * * * *", default_status=running
            )
            for name in crm_connections(config)
        ),
        *(
            # The ECB publishes at about 16:00 Central European Time on working days.
            dg.ScheduleDefinition(
                name=f"{name}_daily",
                job_name=name,
                cron_schedule="30 16 * * 1-5",
                execution_timezone="Europe/Berlin",
                default_status=running,
            )
            for name in rate_connections(config)
        ),
    ]


def build_landing_sensor(config: Config, settings: Settings) -> dg.SensorDefinition:
    """Starts one build for each new state of the landing; a state that was built, or failed to, is not tried again."""

    @dg.sensor(
        name="build_when_data_landed",
        job_name=BUILD_JOB,
        minimum_interval_seconds=300,
        default_status=dg.DefaultSensorStatus.RUNNING
        if config.project.mode == "live"
        else dg.DefaultSensorStatus.STOPPED,
    )
    def build_when_data_landed() -> dg.SensorResult | dg.SkipReason:
        now = present(settings, config)
        state = fingerprint(config, Landing(settings.landing, real_clock).version(), settings.dbt_project, now)
        build = current_build(settings.published)
        if build is not None and build.fingerprint == state:
            return dg.SkipReason(f"Build {build.build_id} has everything that has landed.")
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=state)])

    return build_when_data_landed


def _ga4_schedule(
    scope: WebScope, config: Config, settings: Settings, status: dg.DefaultScheduleStatus
) -> dg.ScheduleDefinition:
    job = ga4_job_name(scope.code)

    @dg.schedule(
        name=f"{job}_daily",
        job_name=job,
        cron_schedule="30 5 * * *",
        execution_timezone=scope.spec.time_zone,
        default_status=status,
    )
    def daily(_context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
        months = due_months(Landing(settings.landing, real_clock), scope, present(settings, config))
        if not months:
            return dg.SkipReason("No day is due.")
        return [
            dg.RunRequest(run_key=None, tags={RANGE_START: first, RANGE_END: last})
            for first, last in month_ranges(months)
        ]

    return daily


def _next_month(key: str) -> str:
    year, month = int(key[:4]), int(key[5:7])
    return f"{year + month // 12}-{month % 12 + 1:02d}-01"
