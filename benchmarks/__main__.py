"""`python -m benchmarks [name …]`: run the short benchmarks, or the named ones, and print where the figures are."""

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks import chaos, extraction, forecast, product, publication, refresh, sandbox_servers, signals
from benchmarks.measure import write

BENCHMARKS: dict[str, Callable[[], Path]] = {
    "product": product.measure,
    "extraction": extraction.measure,
    "publication": publication.measure,
    "refresh": refresh.measure,
    "chaos": chaos.measure,
    "forecast": forecast.measure,
    "signals": signals.measure,
    "sandbox_servers": lambda: write("sandbox_servers", sandbox_servers.measure()),
}

LONG = ("extraction", "publication", "refresh", "chaos", "forecast", "signals")
"""Those that take minutes or more, run when asked for by name."""


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    choice = f"which: {', '.join(BENCHMARKS)} (default: all but {', '.join(LONG)})"
    parser.add_argument("names", nargs="*", metavar="name", help=choice)
    wanted = parser.parse_args().names or [name for name in BENCHMARKS if name not in LONG]
    unknown = set(wanted) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in wanted:
        path = BENCHMARKS[name]()
        print(f"{path}\n{path.read_text()}")


if __name__ == "__main__":
    main()
