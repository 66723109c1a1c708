"""The main job: bring every country up to date, build, publish, tell of signals. Also the backfill of one country.

Every unit of work is a Dagster run in this process, so what happened can be looked up in the Dagster UI afterwards.
A unit that fails does not stop the others: its country keeps its last good numbers and is marked stale.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from connectors import windows
from dagster_project.lib.builds import Build, current_build
from dagster_project.lib.jobs import BUILD_JOB, crm_connections, ga4_job_name, rate_connections
from dagster_project.lib.notices_asset import TELL_JOB
from dagster_project.lib.resources import shared
from dagster_project.lib.salesforce_assets import operation_name
from dagster_project.lib.session import Session
from dagster_project.lib.timetable import RANGE_END, RANGE_START, due_months, month_ranges
from dagster_project.lib.warehouse import fingerprint
from dagster_project.lib.web_scopes import web_scopes
from dagster_project.notices.telling import has_news

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Unit:
    """One run: a country's analytics, a CRM org, the rates, or the build."""

    name: str
    job: str
    tags: dict[str, str] = field(default_factory=dict)
    run_config: dict[str, Any] = field(default_factory=dict)
    assets: tuple[dg.AssetKey, ...] | None = None


@dataclass(frozen=True)
class Outcome:
    """How a unit went. `rows` and `api_calls` are what its assets reported."""

    name: str
    succeeded: bool
    seconds: float
    rows: int = 0
    api_calls: int = 0
    run_id: str | None = None
    error: str | None = None


@dataclass(frozen=True)
class Report:
    """How a refresh or backfill went: its units, and the build that is current now."""

    outcomes: tuple[Outcome, ...]
    build: Build | None
    built: bool

    @property
    def succeeded(self) -> bool:
        return all(outcome.succeeded for outcome in self.outcomes)


class Runner:
    """Executes units one after the other against a session, telling `observe` before and after each."""

    def __init__(
        self,
        session: Session,
        definitions: dg.Definitions,
        instance: dg.DagsterInstance,
        observe: Callable[[str, Outcome | None], None],
        *,
        allow_shrinking: bool = False,
    ) -> None:
        # What is loaded by now stays: Python's garbage collector need not look through all of it again and again.
        gc.freeze()
        gc.enable()
        self._session = session
        self._definitions = definitions
        self._instance = instance
        self._observe = observe
        self._build = Unit(
            "build",
            BUILD_JOB,
            run_config={"ops": {"published__marts": {"config": {"allow_shrinking": allow_shrinking}}}},
        )

    def refresh(self) -> Report:
        """Everything that is due: analytics days, CRM changes, rates; then a build if anything is different."""
        return self._finish([self._run(unit) for unit in self.due_units()])

    def backfill(self, units: list[Unit]) -> Report:
        """Given units, then a build if anything is different."""
        return self._finish([self._run(unit) for unit in units])

    def due_units(self) -> list[Unit]:
        """The ingest units of a refresh."""
        session = self._session
        units = [Unit(name, name) for name in rate_connections(session.config)]
        units += [Unit(name, name) for name in crm_connections(session.config)]
        for code, scope in web_scopes(session.config).items():
            for first, last in month_ranges(due_months(session.landing, scope, session.clock())):
                units.append(Unit(f"ga4 {code}", ga4_job_name(code), {RANGE_START: first, RANGE_END: last}))
        return units

    def _finish(self, outcomes: list[Outcome]) -> Report:
        session = self._session
        before = current_build(session.settings.published)
        state = fingerprint(session.config, session.landing.version(), session.settings.dbt_project, session.clock())
        if before is not None and before.fingerprint == state:
            outcomes += self._tell()
            return Report(tuple(outcomes), before, built=False)
        session.release_vendors()
        try:
            outcomes.append(self._run(self._build))
        finally:
            session.writer.release()
        after = current_build(session.settings.published)
        outcomes += self._tell()
        return Report(
            tuple(outcomes), after, built=after is not None and (before is None or after.build_id > before.build_id)
        )

    def _tell(self) -> list[Outcome]:
        """Tell of signals, if there is anybody to tell anything new; also what could not be told before."""
        if not has_news(self._session.settings, self._session.config):
            return []
        return [self._run(Unit("signals", TELL_JOB))]

    def _run(self, unit: Unit) -> Outcome:
        self._observe(unit.name, None)
        started = time.monotonic()
        job = self._definitions.resolve_job_def(unit.job)
        with shared(self._session), _without_chatter(self._session.settings.data / "logs"):
            result = job.execute_in_process(
                run_config={**QUIET, **unit.run_config},
                instance=self._instance,
                tags=unit.tags,
                asset_selection=list(unit.assets) if unit.assets else None,
                raise_on_error=False,
            )
        stop_if_interrupted(result)
        outcome = Outcome(
            unit.name,
            result.success,
            round(time.monotonic() - started, 3),
            *_measures(result),
            result.run_id,
            _error(result),
        )
        self._observe(unit.name, outcome)
        return outcome


def backfill_units(
    session: Session, code: str, first: date, last: date, *, allow_short: bool, sources: set[str]
) -> list[Unit]:
    """The units that fetch again everything of one locale (or of the total) between two days (inclusive), whatever is
    there already."""
    scope, locale = web_scopes(session.config)[code], session.config.locales.get(code)
    units = []
    if "ga4" in sources:
        months = sorted(
            {f"{windows.month_of(day)}-01" for day in windows.days_between(max(first, scope.go_live), last)}
        )
        config = {
            "refetch": True,
            "allow_short": allow_short,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
        }
        for start, end in month_ranges(months):
            units.append(
                Unit(
                    f"ga4 {code}",
                    ga4_job_name(code),
                    {RANGE_START: start, RANGE_END: end},
                    {"ops": {f"ga4__{code.replace('-', '_')}": {"config": config}}},
                )
            )
    if "salesforce" in sources and locale is not None:
        connection = locale.crm.connection
        bounds = {
            "window_start": windows.start_of_day(first, locale.time_zone).isoformat(),
            "window_end": windows.start_of_day(date.fromordinal(last.toordinal() + 1), locale.time_zone).isoformat(),
        }
        units.append(
            Unit(
                f"{connection} {code}",
                connection,
                {},
                {"ops": {operation_name(connection): {"config": bounds}}},
                (dg.AssetKey(["salesforce", code]),),
            )
        )
    return units


def stop_if_interrupted(result: dg.ExecuteInProcessResult) -> None:
    """Dagster records Ctrl-C as the failure of the step it met, and returns: the units after it must not begin.

    Raises KeyboardInterrupt.
    """
    failures = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    if any(error and error.cls_name == dg.DagsterExecutionInterruptedError.__name__ for error in failures):
        raise KeyboardInterrupt


def _measures(result: dg.ExecuteInProcessResult) -> tuple[int, int]:
    """(rows, API calls) summed over what the run's assets reported; a run's partitions report the same figures once."""
    rows: dict[tuple[str, ...], int] = {}
    calls = 0
    for event in result.get_asset_materialization_events():
        materialization = event.step_materialization_data.materialization
        metadata = materialization.metadata
        rows[tuple(materialization.asset_key.path)] = _number(metadata.get("rows"))
        calls = max(calls, _number(metadata.get("api_calls")), _number(metadata.get("org_api_calls")))
    return sum(rows.values()), calls


def _number(value: object) -> int:
    return value.value if isinstance(value, dg.IntMetadataValue) and value.value is not None else 0


def _error(result: dg.ExecuteInProcessResult) -> str | None:
    """The innermost cause of the first failure, which is the one that says what to do."""
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            error = event.step_failure_data.error
            while error.cause is not None:
                error = error.cause
            return error.message.strip()
    return None if result.success else "the run failed; the Dagster UI shows its events"


@contextmanager
def _without_chatter(folder: Path) -> Iterator[None]:
    """Keep dbt's own progress lines out of ours; they go to a log."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "dbt.log").open("a") as log, redirect_stdout(log):
        yield
    sys.stdout.flush()
