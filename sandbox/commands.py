"""What the sandbox's subcommands do. Imports wait until they are needed: a clock needs no company."""

import json
import sys
from argparse import Namespace
from collections import defaultdict
from datetime import UTC, date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

KPIS = ("sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales")
_HOUR = time(6, tzinfo=UTC)
_CONTROL_TIMEOUT_SECONDS = 10


def serve(options: Namespace) -> None:
    """Load the company, generating it first if need be, and serve its vendors until told to stop."""
    from sandbox.company.store import load_company
    from sandbox.vendors import serve as serve_vendors

    company = load_company(options.state, options.seed, options.scale, with_incidents=options.incidents)
    serve_vendors(
        options.state,
        company,
        today=options.today,
        until_stdin_closes=options.until_stdin_closes,
        scale=options.scale,
        seed=options.seed,
        verbose=options.verbose,
    )


def truth(options: Namespace) -> None:
    """Print the six head KPIs of each configured market and their total, from go-live to the last ended day."""
    totals = kpi_totals(options.state, options.seed, options.scale, options.as_of, with_incidents=options.incidents)
    if options.json:
        sys.stdout.write(json.dumps({"as_of": options.as_of.isoformat(), "locales": totals}) + "\n")
        return
    sys.stdout.write(_line("locale", [*KPIS, "sales EUR"]))
    for code, numbers in totals.items():
        sys.stdout.write(_line(code, [f"{numbers[kpi]:,}" for kpi in KPIS] + [numbers["sales_amount_eur"]]))


def _line(head: str, cells: list[str]) -> str:
    return f"{head:<8}" + "".join(f"{cell:>20}" for cell in cells) + "\n"


def kpi_totals(
    state: Path, seed: int, scale: float, as_of: date, *, with_incidents: bool = False
) -> dict[str, dict[str, Any]]:
    """Market (and `total`) → the six KPIs and the sales' worth in EUR at the rates of their booking dates."""
    from sandbox.company.store import load_company
    from sandbox.company.truth import Observation, rounded
    from sandbox.company.truth.kpis import daily_counts
    from sandbox.company.truth.worth import eur_by_locale

    observation = Observation(
        load_company(state, seed, scale, with_incidents=with_incidents), datetime.combine(as_of, _HOUR)
    )
    sums: dict[str, dict[str, int]] = {code: dict.fromkeys(KPIS, 0) for code in (*observation.claimed, "total")}
    for (code, _, _), counts in daily_counts(observation).items():
        for kpi, count in zip(KPIS, counts, strict=True):
            sums[code][kpi] += count
            sums["total"][kpi] += count
    worth: dict[str, Fraction] = defaultdict(Fraction, eur_by_locale(observation))
    worth["total"] = sum(worth.values(), Fraction())
    return {code: {**counts, "sales_amount_eur": str(rounded(worth[code], "EUR"))} for code, counts in sums.items()}


def clock(options: Namespace) -> None:
    """Show or move the calendar: through the running vendors if there are any, else in the state folder."""
    moved: dict[str, Any] = {}
    if options.advance is not None:
        moved["advance_days"] = options.advance
    elif options.today is not None:
        moved["today"] = options.today.isoformat()
    running = options.state / "vendors.json"
    now = _tell(json.loads(running.read_text())["control"], moved) if running.is_file() else _write(options)
    sys.stdout.write(json.dumps({"now": now}) + "\n" if options.json else f"In the sandbox it is {now}.\n")


def _tell(control: str, moved: dict[str, Any]) -> str:
    body = json.dumps(moved).encode() if moved else None
    request = Request(f"{control}/clock", data=body, headers={"Content-Type": "application/json"})  # noqa: S310 (ours, on loopback)
    with urlopen(request, timeout=_CONTROL_TIMEOUT_SECONDS) as answer:  # noqa: S310 (ours, on loopback)
        return str(json.load(answer)["now"])


def _write(options: Namespace) -> str:
    from sandbox.vendors.clock import VirtualClock

    calendar = VirtualClock(options.state / "clock.json", options.today)
    if options.advance is not None:
        calendar.advance(options.advance)
    return calendar.now.strftime("%Y-%m-%dT%H:%M:%SZ")
