"""Each model's shares of a path, by hand."""

from __future__ import annotations

import pytest

from sandbox.company.truth import chain
from sandbox.company.truth.shares import Path, Touch, shares

DAY = 86_400
EFFECTS = {"Email": 0.5, "Paid Search": 0.8, "Direct": 0.1}


def touch(at: int, channel: str) -> Touch:
    """A touch of a channel, whatever the campaign."""
    return Touch(at, channel, "campaign", "/")


SALE = Path(
    "sale",
    28 * DAY,
    [touch(0, "Email"), touch(7 * DAY, "Paid Search"), touch(21 * DAY, "Paid Search"), touch(28 * DAY, "Direct")],
    lead_at=8 * DAY,
    deal_at=28 * DAY,
)
TIED = Path("mql", 7 * DAY, [touch(0, "Email"), touch(0, "Email"), touch(7 * DAY, "Email")], None, 9 * DAY)


@pytest.mark.parametrize(
    ("model", "of_sale", "of_tied"),
    [
        ("first_touch", [1, 0, 0, 0], [0.5, 0.5, 0]),
        ("last_touch", [0, 0, 0, 1], [0, 0, 1]),
        ("last_non_direct", [0, 0, 1, 0], [0, 0, 1]),
        ("linear", [0.25, 0.25, 0.25, 0.25], [1 / 3, 1 / 3, 1 / 3]),
        ("position_based", [0.4, 0.1, 0.1, 0.4], [0.3, 0.3, 0.4]),
        ("time_decay", [1 / 27, 2 / 27, 8 / 27, 16 / 27], [0.25, 0.25, 0.5]),
        # Without lead and deal before the entry their parts go to the others in proportion.
        ("w_shaped", [0.3, 0.3, 0.1, 0.3], [0.375, 0.375, 0.25]),
        ("full_path", [0.225, 0.225, 0.1, 0.45], [0.1125 / 0.325, 0.1125 / 0.325, 0.1 / 0.325]),
        ("shapley", [1 / 3, 1 / 6, 1 / 6, 1 / 3], [1 / 3, 1 / 3, 1 / 3]),
        ("markov", [0.5 / 1.4, 0.4 / 1.4, 0.4 / 1.4, 0.1 / 1.4], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_a_whole_is_shared_as_the_model_says(model: str, of_sale: list[float], of_tied: list[float]) -> None:
    assert shares(SALE, EFFECTS)[model] == pytest.approx(of_sale)
    assert shares(TIED, EFFECTS)[model] == pytest.approx(of_tied)


def test_where_all_is_direct_the_last_direct_touch_counts() -> None:
    path = Path("mql", DAY, [touch(0, "Direct"), touch(DAY, "Direct")], None, None)
    assert shares(path, EFFECTS)["last_non_direct"] == [0, 1]


def test_the_chain_loses_what_only_a_channel_brings() -> None:
    paths = [(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)]
    assert chain.effects(paths) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
