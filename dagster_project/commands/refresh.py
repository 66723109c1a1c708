"""`trechter refresh`: the main job."""

from typing import Annotated

import typer

from dagster_project.commands.output import AllowShrinking, Json, problem
from dagster_project.project import project


def refresh(
    days: Annotated[
        int | None,
        typer.Option(min=0, help="Sandbox only: move the company's calendar on by this many days first (default 1)."),
    ] = None,
    allow_shrinking: AllowShrinking = False,
    as_json: Json = False,
) -> None:
    """Bring every country up to date and publish a new build if anything changed.

    Example: trechter refresh
    """
    from dagster_project.commands.work import report, working

    sandbox = project().config.project.mode == "sandbox"
    if days is not None and not sandbox:
        problem(
            "--days moves the sandbox company's calendar; this project is in live mode, where days pass by themselves."
        )
        raise typer.Exit(2)
    advance = (1 if days is None else days) if sandbox else 0
    with working(advance_days=advance, allow_shrinking=allow_shrinking) as (runner, _, display):
        display.expect(len(runner.due_units()) + 1)
        result = runner.refresh()
    report(result, as_json)
    if not result.succeeded:
        raise typer.Exit(1)
