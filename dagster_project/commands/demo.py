"""`trechter demo`: the whole product on a company that is simulated on this machine."""

from dagster_project.commands.output import Json, out, print_json, problem
from dagster_project.commands.scorecard import print_scorecard, scorecard
from dagster_project.project import project


def demo(as_json: Json = False) -> None:
    """Extract, build and publish the sandbox company's twelve countries, and show their six head KPIs.

    Run again, it does only what is new.

    Example: trechter demo
    """
    import typer

    from dagster_project.commands.work import report, working

    here = project()
    if here.config.project.mode != "sandbox":
        problem("The demo needs `mode: sandbox` in config/project.yml. For your own accounts use `trechter refresh`.")
        raise typer.Exit(2)
    with working() as (runner, _, display):
        display.expect(len(runner.due_units()) + 1)
        result = runner.refresh()
    if as_json:
        print_json(scorecard(here.settings.published))
    else:
        report(result, as_json=False)
        if result.build is not None:
            print_scorecard(here.settings.published)
            out.print(
                "[bold]Next:[/] trechter refresh (a day passes) · trechter status · make ui · "
                'trechter query "select * from mart_kpi_period limit 5"',
                highlight=False,
            )
    if not result.succeeded:
        raise typer.Exit(1)
