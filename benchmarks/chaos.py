"""Chaos: random faults and kills while three markets and two orgs are refreshed and backfilled.

``python -m benchmarks chaos`` runs 500 sequences; ``python -m benchmarks.chaos --sequences 20 --first 0`` a few. The
seed of a sequence decides its faults, when it is killed and what is backfilled. After each, faults end, days pass until
all is final, one clean refresh runs, and then landed rows must be the company's, as a multiset.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from benchmarks import chaos_faults, chaos_oracle
from benchmarks.chaos_ingest import FIRST_DAY, LOCALES, Job, ingest
from benchmarks.measure import write
from connectors.privacy import Pseudonymiser
from sandbox.company.store import Company, generate
from sandbox.vendors.cast import Cast, Settings
from sandbox.vendors.network import Network

SEQUENCES, SCALE, TODAY = 500, 0.01, date(2026, 7, 1)
ROUNDS_OF_FAULTS, MOST_FAULTS = 2, 6
DAYS_UNTIL_FINAL = 5
KILL_AFTER_REQUESTS = 70
DEADLINE_SECONDS = 120.0
REPORTED_EVERY = 20


@dataclass
class Sequence:
    """What happened in one sequence; ``problems`` is empty when everything held."""

    seed: int
    problems: list[str] = field(default_factory=list)
    fired: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    drained: set[str] = field(default_factory=set)
    kills: int = 0
    runs: int = 0


@cache
def company() -> Company:
    """The small company of all sequences."""
    return generate(7, SCALE)


@cache
def _processes() -> Any:
    """Processes forked from one that has imported everything: a start costs milliseconds instead of seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.chaos_ingest"])
    return context


def run_sequence(seed: int) -> Sequence:
    """One sequence, from an empty landing to the comparison."""
    done, rng = Sequence(seed), Random(seed)  # noqa: S311 - reproducible, not secret
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Cast(Path(folder) / "vendors", company(), TODAY, Settings()))
        try:
            home = Path(folder) / "home"
            (home / "tmp").mkdir(parents=True)
            job = Job(home, network.contract)
            for _ in range(ROUNDS_OF_FAULTS):
                _troubled_round(network, job, rng, done)
            _clean_round(network, job, done)
            if done.problems:
                return done
            people = Pseudonymiser(job.contract["env"]["TRECHTER_IDENTITY_KEY"].encode())
            done.problems += chaos_oracle.differences(job, company(), network.clock.now, people)
            done.problems += chaos_oracle.leaks(job, company())
            done.problems += chaos_oracle.exceeded(network.meters())
            done.problems += [f"{path.name} was left behind" for path in chaos_oracle.left_over(job)]
        finally:
            network.faults.clear()
            network.stop()
    return done


def _troubled_round(network: Network, job: Job, rng: Random, done: Sequence) -> None:
    """New faults; a refresh or a backfill, killed or not, tried twice; sometimes a day passes."""
    faults = chaos_faults.random_faults(rng, rng.randrange(1, MOST_FAULTS + 1), done.drained)
    if rng.random() < 0.3:
        faults += chaos_faults.restatements(rng)
    network.faults.add(*faults, seed=done.seed)
    if rng.random() < 0.3:
        first = FIRST_DAY + timedelta(days=rng.randrange(0, 8))
        job = replace(job, backfill=rng.choice(sorted(LOCALES)), days=(first, first + timedelta(days=6)))
    for _ in range(2):
        kill_after = rng.randrange(1, KILL_AFTER_REQUESTS) if rng.random() < 0.6 else None
        _run(network, job, done, kill_after)
    for fired in network.faults.fired:
        done.fired["+".join(sorted(fired["action"]))] += fired["fired"]
    network.faults.clear()
    if rng.random() < 0.5:
        network.clock.advance(days=1)


def _clean_round(network: Network, job: Job, done: Sequence) -> None:
    network.clock.advance(days=DAYS_UNTIL_FINAL)
    failures = _run(network, job, done)
    if failures is None or failures:
        done.problems.append(f"a refresh without faults failed: {failures}")


def _run(network: Network, job: Job, done: Sequence, kill_after: int | None = None) -> list[dict[str, Any]] | None:
    """One process; its failures, or None when it was killed. An exhausted quota is waited for on the clock."""
    done.runs += 1
    job.outcome.unlink(missing_ok=True)
    process = _processes().Process(target=ingest, args=(job,))
    until = None if kill_after is None else _requests(network) + kill_after
    process.start()
    deadline = time.monotonic() + DEADLINE_SECONDS
    while process.is_alive():
        process.join(0.01)
        is_late = time.monotonic() > deadline
        if is_late or (until is not None and _requests(network) >= until):
            process.kill()
            process.join()
            done.kills += not is_late
            if is_late:
                done.problems.append("a process did not come to an end")
            return None
    if not job.outcome.exists():
        done.problems.append(f"a process ended ({process.exitcode}) and said only: {job.log.read_text()[-2000:]}")
        return None
    failures: list[dict[str, Any]] = json.loads(job.outcome.read_text())
    _judge(failures, done)
    waits = [datetime.fromisoformat(one["resume_at"]) for one in failures if one.get("resume_at")]
    if waits and (rest := (max(waits) - network.clock.now).total_seconds()) > 0:
        network.clock.advance(seconds=int(rest) + 1)
    return failures


def _judge(failures: list[dict[str, Any]], done: Sequence) -> None:
    """Every failure says where, why and what next."""
    for failure in failures:
        done.errors[failure["error"]] += 1
        if failure["error"] == "unexpected":
            done.problems.append(failure["text"])
        elif not (failure.get("source") and failure.get("scope") and failure.get("next_step")):
            done.problems.append(f"an error does not say where or what next: {failure['text']}")


def _requests(network: Network) -> int:
    return sum(counts["requests"] for account, counts in network.meters().items() if "/" not in account)


def measure(sequences: int = SEQUENCES, first: int = 0) -> Path:
    """Run sequences, as many at a time as there are processors, and write `results/chaos.json`."""
    started = time.perf_counter()
    done = []
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for one in pool.map(run_sequence, range(first, first + sequences)):
            done.append(one)
            for problem in one.problems:
                print(f"sequence {one.seed}: {problem}", file=sys.stderr)
            if len(done) % REPORTED_EVERY == 0:
                print(f"{len(done)} of {sequences} sequences done", file=sys.stderr, flush=True)
    figures = {
        "sequences": len(done),
        "failed": [one.seed for one in done if one.problems],
        "processes": sum(one.runs for one in done),
        "kills": sum(one.kills for one in done),
        "faults_fired": dict(sum((one.fired for one in done), Counter()).most_common()),
        "errors_reported": dict(sum((one.errors for one in done), Counter()).most_common()),
        "seconds": round(time.perf_counter() - started),
    }
    return write("chaos", figures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chaos", description=__doc__)
    parser.add_argument("--sequences", type=int, default=SEQUENCES)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    options = parser.parse_args()
    print(measure(options.sequences, options.first).read_text())
