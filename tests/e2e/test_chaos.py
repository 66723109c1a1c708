"""Random faults and kills over refreshes and backfills; `python -m benchmarks chaos` runs hundreds of them."""

import os

import pytest

from benchmarks.chaos import run_sequence

SEQUENCES = int(os.environ.get("CHAOS_SEQUENCES", "4"))
"""A few in every run of the suite; `make verify` takes twenty, `python -m benchmarks chaos` hundreds."""


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_faults_and_kills_landed_rows_are_the_vendors_rows(seed: int) -> None:
    """OP-02, OP-09, PR-08: nothing lost, doubled or named, no quota above nine tenths, no error without its place."""
    assert run_sequence(seed).problems == []
