"""Land one property's days in a folder, without an orchestrator."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from connectors.command_line import (
    add_identity_option,
    clock_of,
    landing_of,
    parser_for,
    pseudonymiser_of,
    run,
    say,
    secret,
)
from connectors.ga4.client import GA4Client
from connectors.ga4.error_log import FOLDER
from connectors.ga4.refresh import LocaleSummary, refresh_locale
from connectors.ga4.streams import STREAMS
from connectors.specs import GA4Connection, LocaleSpec
from connectors.windows import days_between

EXAMPLE = (
    "GOOGLE_ANALYTICS_CREDENTIALS=$(cat key.json) TRECHTER_IDENTITY_KEY=… python -m connectors.ga4 --into landing \\\n"
    "    --property 310000001 --locale nl --time-zone Europe/Amsterdam --currency EUR \\\n"
    "    --first 2026-06-01 --last 2026-06-30"
)


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the exit status."""
    parser = parser_for(
        "ga4",
        "Fetch the days of one Google Analytics 4 property that are due and land them as Parquet, a file a month.\n"
        "A day is due when it has ended and is not landed yet, or was still provisional when last fetched. Users are\n"
        "fetched by week, month and quarter, too, as soon as these have ended; small reports go to a file a year.\n"
        "When the property's hourly quota runs low it waits for the hour and goes on; at the daily one it stops, and\n"
        "running it again takes up where it stopped.",
        EXAMPLE,
    )
    parser.add_argument("--property", required=True, help="property number")
    parser.add_argument("--locale", required=True, help="code of the market, names the folder")
    parser.add_argument("--time-zone", required=True, help="the property's, e.g. Europe/Amsterdam")
    parser.add_argument("--currency", required=True, help="the property's, e.g. EUR")
    parser.add_argument("--first", type=date.fromisoformat, required=True, metavar="DAY", help="earliest day wanted")
    parser.add_argument("--last", type=date.fromisoformat, required=True, metavar="DAY", help="latest day wanted")
    parser.add_argument("--again", action="store_true", help="fetch all the days, landed or not")
    parser.add_argument(
        "--report",
        action="append",
        choices=[stream.name for stream in STREAMS],
        help="only this report; again for more of them (default: all)",
    )
    parser.add_argument(
        "--transport",
        choices=["grpc", "rest"],
        default="grpc",
        help="rest for networks whose proxies do not let gRPC through (default: %(default)s)",
    )
    parser.add_argument("--allow-short", action="store_true", help="accept days that lose most of their rows")
    parser.add_argument(
        "--credentials-env",
        default="GOOGLE_ANALYTICS_CREDENTIALS",
        metavar="VARIABLE",
        help="environment variable holding the service account's key file as JSON (default: %(default)s)",
    )
    parser.add_argument("--endpoint", help="host:port of a server on this machine instead of Google's")
    add_identity_option(parser)
    options = parser.parse_args(arguments)
    return run(lambda: _refresh(options))


def _refresh(options: argparse.Namespace) -> LocaleSummary:
    clock = clock_of(options)
    locale = LocaleSpec(options.locale, options.time_zone, options.currency, options.property, "", ())
    connection = GA4Connection(secret(options.credentials_env), options.endpoint, transport=options.transport)
    with GA4Client(connection, clock, state=options.into / FOLDER) as client:
        return refresh_locale(
            client,
            landing_of(options),
            locale,
            days_between(options.first, options.last),
            clock=clock,
            pseudonymiser=pseudonymiser_of(options),
            only_due=not options.again,
            allow_short=options.allow_short,
            streams=[stream for stream in STREAMS if stream.name in (options.report or (stream.name,))],
            on_wait=lambda text: say(f"{options.locale} {text}"),
        )


if __name__ == "__main__":
    sys.exit(main())
