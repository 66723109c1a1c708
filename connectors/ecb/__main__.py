"""Land the European Central Bank's rates in a folder, without an orchestrator."""

from __future__ import annotations

import sys

from connectors.command_line import clock_of, landing_of, parser_for, run
from connectors.ecb.refresh import FIRST_YEAR, refresh_rates
from connectors.specs import ECB_HISTORY_URL, ECBConnection


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the exit status."""
    parser = parser_for(
        "ecb",
        "Download the euro reference rates and land them as Parquet, a file a year. Run again, it fetches only news.",
        "python -m connectors.ecb --into landing --first-year 2024",
    )
    parser.add_argument("--url", default=ECB_HISTORY_URL, help="where the zipped history is (default: the ECB's)")
    parser.add_argument(
        "--first-year", type=int, default=FIRST_YEAR, help="earliest year to land (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    return run(
        lambda: refresh_rates(
            ECBConnection(options.url), landing_of(options), clock=clock_of(options), first_year=options.first_year
        )
    )


if __name__ == "__main__":
    sys.exit(main())
