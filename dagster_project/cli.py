"""`trechter`: the one program for everything a person does. Each command lives in `commands/`."""

import gc
import sys
from collections.abc import Callable

import typer

from connectors.errors import ConnectorError
from dagster_project.commands import (
    backfill,
    demo,
    doctor,
    locales,
    query,
    refresh,
    restatements,
    signals,
    status,
    targets,
)
from dagster_project.commands.output import problem
from dagster_project.config import ConfigurationProblems
from dagster_project.lib.builds import NothingPublished
from dagster_project.lib.vendors import SandboxFailed
from dagster_project.settings import MissingSecret

EXIT_FAILED = 1
EXIT_MISTAKE = 2

app = typer.Typer(
    help="One funnel for every country: from first session to paying customer.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: tuple[Callable[..., None], ...] = (
    demo.demo,
    refresh.refresh,
    backfill.backfill,
    status.status,
    signals.signals,
    restatements.restatements,
    targets.targets,
    doctor.doctor,
    locales.locales,
    query.query,
)
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Run the program. What a person can mend is said in words, without a traceback."""
    # Nothing that a command loads is garbage; what works for long turns the collector on again (see Runner).
    gc.disable()
    try:
        app()
    except ConfigurationProblems as error:
        problem(str(error))
        sys.exit(EXIT_MISTAKE)
    except (MissingSecret, NothingPublished, SandboxFailed, ConnectorError) as error:
        problem(str(error))
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
