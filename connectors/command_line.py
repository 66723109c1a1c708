"""What the sources' command lines share; nothing else here reads the environment or the real clock."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.errors import ConfigurationError, ConnectorError
from connectors.landing import Landing
from connectors.memory import keep_little
from connectors.privacy import Pseudonymiser
from connectors.secret_values import secret_value
from connectors.specs import Clock

IDENTITY_KEY = "TRECHTER_IDENTITY_KEY"
INTERRUPTED = 130
"""The exit status shells give to what Ctrl-C ended."""


def parser_for(source: str, description: str, example: str) -> argparse.ArgumentParser:
    """A parser with the options every source has."""
    parser = argparse.ArgumentParser(
        prog=f"python -m connectors.{source}",
        description=description,
        epilog=f"Example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="folder to land in; made if missing")
    parser.add_argument(
        "--now", type=_instant, metavar="INSTANT", help="act as if it were this instant, e.g. 2026-07-01T06:00:00Z"
    )
    return parser


def add_identity_option(parser: argparse.ArgumentParser) -> None:
    """The option naming the variable with the secret for pseudonyms."""
    parser.add_argument(
        "--identity-key-env",
        default=IDENTITY_KEY,
        metavar="VARIABLE",
        help="environment variable holding the secret that people are pseudonymised with (default: %(default)s)",
    )


def clock_of(options: argparse.Namespace) -> Clock:
    """The clock asked for, else the real one."""
    fixed: datetime | None = options.now
    return (lambda: fixed) if fixed else (lambda: datetime.now(UTC))


def landing_of(options: argparse.Namespace) -> Landing:
    """The landing in the folder asked for."""
    return Landing(options.into, clock_of(options))


def pseudonymiser_of(options: argparse.Namespace) -> Pseudonymiser:
    """Made with the secret in the named variable."""
    return Pseudonymiser(secret(options.identity_key_env).encode())


def secret_if_set(variable: str) -> str:
    """Value of an environment variable (or of the file that ``<variable>_FILE`` names), empty when it is not set."""
    return secret_value(os.environ, variable) or ""


def secret(variable: str) -> str:
    """A secret by its environment variable. Raises ConfigurationError naming it when it is not set."""
    value = secret_if_set(variable)
    if not value:
        raise ConfigurationError(
            f"The environment variable {variable} is not set",
            source="command line",
            next_step=f"Set {variable}, or name another variable (see --help).",
        )
    return value


def say(text: str) -> None:
    """Tell the person at the terminal, on stderr: stdout is for the summary."""
    sys.stderr.write(text + "\n")


def run(work: Callable[[], Any]) -> int:
    """Do the work and write its summary as JSON; a connector's error goes to stderr. Returns the exit status."""
    keep_little()
    try:
        summary = work()
    except ConnectorError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What has landed stays; run it again to go on.\n")
        return INTERRUPTED
    sys.stdout.write(json.dumps(dataclasses.asdict(summary), default=str, indent=2) + "\n")
    return 0


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("give the instant a time zone, e.g. 2026-07-01T06:00:00Z")
    return instant.astimezone(UTC)
