"""Doing the main job from the command line: a session, Dagster's definitions, and a display of what is going on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from connectors.command_line import INTERRUPTED
from dagster_project.commands.output import err, out, print_json, problem
from dagster_project.lib.diagnosis import examine_secrets
from dagster_project.lib.refresh import Outcome, Report, Runner
from dagster_project.lib.session import Session, open_session
from dagster_project.project import Project, project


class Display:
    """A progress bar over units, with the unit's present step beside it; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", style="bold"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[doing]}", style="dim"),
            console=err,
            transient=True,
        )
        self._task = self._bar.add_task("Starting", total=None, doing="")
        self._unit = ""

    def __enter__(self) -> "Display":
        self._bar.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._bar.stop()

    def expect(self, units: int) -> None:
        """Say how many units there will be."""
        self._bar.update(self._task, total=units)

    def doing(self, unit: str, step: str) -> None:
        """Show a step of a unit."""
        self._bar.update(self._task, description=unit, doing=step)

    def notice(self, unit: str, text: str) -> None:
        """Show what takes long, and keep it on the screen: without a terminal nothing else would be seen."""
        self.doing(unit, text)
        err.print(f"  … {unit:<24} {text}", highlight=False, markup=False)

    def observe(self, unit: str, outcome: Outcome | None) -> None:
        """A unit begins (no outcome) or ends."""
        if outcome is None:
            self._bar.update(self._task, description=unit, doing="")
            return
        self._bar.advance(self._task)
        mark = "[green]✓[/]" if outcome.succeeded else "[red]✗[/]"
        rows = f"{outcome.rows:>9,} rows" if outcome.rows else ""
        err.print(f"  {mark} {unit:<24} {outcome.seconds:6.1f} s {rows}", highlight=False)


@contextmanager
def working(*, advance_days: int = 0, allow_shrinking: bool = False) -> Iterator[tuple[Runner, Session, Display]]:
    """A runner for this process's project. `advance_days` moves the sandbox company's calendar on first."""
    here = project()
    with Display() as display:
        display.doing("Starting", "the sandbox company's vendors" if here.config.project.mode == "sandbox" else "")
        with _ending_cleanly(), open_session(here.settings, here.config, display.doing, display.notice) as session:
            session.dbt.load()
            if advance_days:
                session.advance_calendar(advance_days)
            warn_of_missing_secrets(session)
            display.doing("Starting", "Dagster")
            yield _runner(here, session, display, allow_shrinking), session, display


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Say that nothing is lost when somebody presses Ctrl-C."""
    try:
        yield
    except KeyboardInterrupt:
        problem("Stopped. What has landed stays; run it again to go on.")
        raise typer.Exit(INTERRUPTED) from None


def warn_of_missing_secrets(session: Session) -> None:
    """Name all secrets that are missing at once; accounts whose own are there are read all the same."""
    for finding in examine_secrets(session.settings, session.config):
        if not finding.is_well:
            problem(f"{finding.subject}: {finding.says}")


def report(result: Report, as_json: bool) -> None:
    """Print how it went, with the next step for whatever failed."""
    if as_json:
        print_json(_as_json(result))
        return
    failed = [outcome for outcome in result.outcomes if not outcome.succeeded]
    for outcome in failed:
        problem(f"{outcome.name} failed: {outcome.error}")
    build = f"build {result.build.build_id}" if result.build else "no build"
    said = f"Published {build}." if result.built else f"Nothing new: {build} is current."
    out.print(said if not failed else f"[yellow]{len(failed)} of {len(result.outcomes)} failed; {build} is current.[/]")


def _runner(here: Project, session: Session, display: Display, allow_shrinking: bool) -> Runner:
    # Dagster takes seconds to import, which commands that only read a build should not pay for.
    from dagster_project.definitions import defs
    from dagster_project.lib.instance import open_instance

    return Runner(
        session, defs(), open_instance(here.settings.dagster_home), display.observe, allow_shrinking=allow_shrinking
    )


def _as_json(result: Report) -> dict[str, Any]:
    return {
        "succeeded": result.succeeded,
        "built": result.built,
        "build": asdict(result.build) if result.build else None,
        "units": [asdict(outcome) for outcome in result.outcomes],
    }
