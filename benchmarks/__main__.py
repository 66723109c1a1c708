"""`python -m benchmarks [name …]`: run all benchmarks, or the named ones, and print where the figures are."""

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks import product, sandbox_servers
from benchmarks.measure import write

BENCHMARKS: dict[str, Callable[[], Path]] = {
    "product": product.measure,
    "sandbox_servers": lambda: write("sandbox_servers", sandbox_servers.measure()),
}


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which: {', '.join(BENCHMARKS)} (default: all)")
    wanted = parser.parse_args().names or list(BENCHMARKS)
    unknown = set(wanted) - BENCHMARKS.keys()
    if unknown:
        parser.error(f"no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    for name in wanted:
        path = BENCHMARKS[name]()
        print(f"{path}\n{path.read_text()}")


if __name__ == "__main__":
    main()
