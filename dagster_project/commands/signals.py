"""`trechter signals`: what is not as it should be, where, since when, how unusual, whose."""

from dataclasses import asdict
from typing import Annotated

import typer

from dagster_project.commands.output import Json, out, print_json, print_table, problem
from dagster_project.config.notifications import SIGNAL_KINDS
from dagster_project.lib.builds import current_folder
from dagster_project.notices.signals import Signal, published_signals
from dagster_project.settings import Settings


def signals(
    locale: Annotated[str | None, typer.Option(help="Only this country.")] = None,
    kind: Annotated[str | None, typer.Option(help=f"Only this kind: {', '.join(SIGNAL_KINDS)}.")] = None,
    over: Annotated[bool, typer.Option("--over", help="Also those that are over.")] = False,
    as_json: Json = False,
) -> None:
    """Show what is not as it should be: figures that are off what is usual, late follow-up, bad leads, lost tracking.

    Example: trechter signals --locale nl
    """
    if kind is not None and kind not in SIGNAL_KINDS:
        problem(f"There is no kind {kind!r}. Known are: {', '.join(SIGNAL_KINDS)}.")
        raise typer.Exit(2)
    found = [
        signal
        for signal in published_signals(current_folder(Settings.from_environment().published))
        if locale in (None, signal.locale) and kind in (None, signal.signal_kind) and (over or signal.is_open)
    ]
    if as_json:
        print_json([asdict(signal) for signal in found])
        return
    if not found:
        out.print("Nothing is out of the ordinary.")
        return
    columns = ["country", "since", "what", "how unusual", "state", "owner"]
    print_table("Out of the ordinary", columns, [_cells(signal) for signal in found])


def _cells(signal: Signal) -> list[object]:
    state = "open" if signal.is_open else f"{signal.signal_status} {signal.recovered_date}"
    return [signal.locale, signal.since_date, signal.summary, signal.how_unusual, state, signal.owner]
