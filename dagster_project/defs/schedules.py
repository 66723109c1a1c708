"""When things run: each country's analytics in its own morning, CRM every hour, rates in the afternoon.

A build starts when data has landed, and people are told of signals when it is published.
"""

import dagster as dg

from dagster_project.lib.jobs import build_jobs
from dagster_project.lib.notices_asset import build_notices_job, build_notices_sensor
from dagster_project.lib.timetable import build_landing_sensor, build_schedules
from dagster_project.project import project


@dg.definitions
def defs() -> dg.Definitions:
    """Jobs, schedules and the sensor that builds. In sandbox mode they are there but stopped.

    The executor is also that of assets materialised by hand.
    """
    here = project()
    return dg.Definitions(
        jobs=[*build_jobs(here.config), build_notices_job()],
        schedules=build_schedules(here.config, here.settings),
        sensors=[build_landing_sensor(here.config, here.settings), build_notices_sensor(here.config)],
        executor=dg.in_process_executor,
    )
