"""The sandbox's command line: `python -m sandbox serve | truth | clock`."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sandbox import commands


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The sandbox company and its vendors.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    company = argparse.ArgumentParser(add_help=False)
    company.add_argument("--state", type=Path, required=True, help="the sandbox's folder: company, clock, addresses")
    sized = argparse.ArgumentParser(add_help=False, parents=[company])
    sized.add_argument("--seed", type=int, default=7, help="another seed is another company (default 7)")
    sized.add_argument("--scale", type=float, default=1.0, help="0.05 is a company a twentieth the size (default 1.0)")

    sized.add_argument("--incidents", action="store_true", help="a company in which things go wrong")

    serve = verbs.add_parser("serve", parents=[sized], help="serve its GA4, Salesforce and ECB in the foreground")
    serve.add_argument("--today", type=date.fromisoformat, help="set the calendar; else go on where it was left")
    serve.add_argument("--until-stdin-closes", action="store_true", help="end when whoever started this ends")
    serve.add_argument("--verbose", action="store_true", help="log every request")
    serve.set_defaults(run=commands.serve)

    truth = verbs.add_parser("truth", parents=[sized], help="count the six head KPIs straight from the people")
    truth.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day, looked at at 06:00 UTC")
    truth.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    truth.set_defaults(run=commands.truth)

    clock = verbs.add_parser("clock", parents=[company], help="show the sandbox's calendar, or move it")
    move = clock.add_mutually_exclusive_group()
    move.add_argument("--advance", type=int, metavar="DAYS", help="move it on by so many days")
    move.add_argument("--today", type=date.fromisoformat, help="move it to a day")
    clock.add_argument("--json", action="store_true", help="one JSON object instead of a line")
    clock.set_defaults(run=commands.clock)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit status, 2 with a message on stderr when it was asked for the impossible."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except ValueError as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
