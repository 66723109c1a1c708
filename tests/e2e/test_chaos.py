"""Random faults and kills over refreshes and backfills; `python -m benchmarks chaos` runs hundreds of them."""

import pytest

from benchmarks.chaos import run_sequence

SEQUENCES = 20


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_after_any_faults_and_kills_landed_rows_are_the_vendors_rows(seed: int) -> None:
    """OP-02, OP-09, PR-08: nothing lost, doubled or named, no quota above nine tenths, no error without its place."""
    assert run_sequence(seed).problems == []
