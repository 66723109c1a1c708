"""`trechter backfill`: fetch again what one country's sources say of a range of days."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from dagster_project.commands.output import AllowShrinking, Json, problem
from dagster_project.config.cross_checks import TOTAL
from dagster_project.project import project


class Source(StrEnum):
    """What to fetch again."""

    ga4 = "ga4"
    salesforce = "salesforce"
    all = "all"


def backfill(
    locale: Annotated[str, typer.Argument(help="The country, such as nl; total for the roll-up property.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, inclusive.")],
    source: Annotated[Source, typer.Option(help="Which source.")] = Source.all,
    allow_short: Annotated[
        bool, typer.Option(help="Accept days that come back with far fewer rows than they had.")
    ] = False,
    allow_shrinking: AllowShrinking = False,
    as_json: Json = False,
) -> None:
    """Fetch one country's days again, replace them whole, and publish if anything changed.

    Other countries stay as they are.

    Example: trechter backfill nl --from 2025-01-01 --to 2025-12-31
    """
    _check(locale, first.date(), last.date(), source)
    from dagster_project.commands.work import report, working
    from dagster_project.lib.refresh import backfill_units

    sources = {"ga4", "salesforce"} if source is Source.all else {source.value}
    with working(allow_shrinking=allow_shrinking) as (runner, session, display):
        units = backfill_units(session, locale, first.date(), last.date(), allow_short=allow_short, sources=sources)
        display.expect(len(units) + 1)
        result = runner.backfill(units)
    report(result, as_json)
    if not result.succeeded:
        raise typer.Exit(1)


def _check(locale: str, first: date, last: date, source: Source) -> None:
    config = project().config
    known = {code: one.go_live for code, one in config.locales.items()}
    if config.rollup:
        known[TOTAL] = config.rollup[1].go_live
    if locale not in known:
        problem(f"There is no locale {locale!r}. Known are: {', '.join(known)}.")
        raise typer.Exit(2)
    if locale == TOTAL and source is Source.salesforce:
        problem("The total is a roll-up of web analytics; it has nothing in Salesforce.")
        raise typer.Exit(2)
    if last < first:
        problem(f"--to ({last}) lies before --from ({first}).")
        raise typer.Exit(2)
    if last < known[locale]:
        problem(f"{locale} went live on {known[locale]}; there is nothing to fetch before that day.")
        raise typer.Exit(2)
