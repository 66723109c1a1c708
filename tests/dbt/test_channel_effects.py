"""The Markov model beside NumPy's linear algebra written out, and a worked example from the literature."""

from __future__ import annotations

import importlib.util
import itertools
from collections import Counter
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

MODEL = Path(__file__).parents[2] / "dbt_project/models/intermediate/int_channel_effects.py"
Paths = list[tuple[list[str], bool]]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("int_channel_effects", MODEL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


effects_model = load()


def transitions(paths: Paths) -> list[tuple[str, str, int]]:
    counts: Counter[tuple[str, str]] = Counter()
    for channels, converts in paths:
        states = ["(start)", *channels, "(conversion)" if converts else "(null)"]
        counts.update(itertools.pairwise(states))
    return [(*pair, count) for pair, count in sorted(counts.items())]


def effects(paths: Paths) -> dict[str, float]:
    return {channel: effect for channel, effect, *_ in effects_model.channel_effects(transitions(paths))}


def reference(paths: Paths) -> dict[str, float]:
    """Removal effects by the fundamental matrix: absorption probabilities are (I - Q)^-1 R."""
    channels = sorted({channel for path, _ in paths for channel in path})
    states = ["(start)", *channels]

    def absorbed(removed: str | None) -> float:
        moves = np.zeros((len(states), len(states) + 2))
        for before, after, count in transitions(paths):
            if after == "(conversion)":
                column = len(states)
            elif after in ("(null)", removed):
                column = len(states) + 1
            else:
                column = states.index(after)
            moves[states.index(before), column] += count
        chances = moves / np.maximum(moves.sum(axis=1, keepdims=True), 1)
        fundamental = np.linalg.inv(np.eye(len(states)) - chances[:, : len(states)])
        return float((fundamental @ chances[:, len(states) :])[0, 0])

    whole = absorbed(None)
    return {channel: 1 - absorbed(channel) / whole if whole else 0.0 for channel in channels}


def test_a_worked_example_comes_out_as_its_author_has_it() -> None:
    """Three paths of three channels, of which one converts: a third of all; half as many without C1, none without C2 or
    C3 (S. Bryl, AnalyzeCore, 2016, "Marketing multi-channel attribution model with R")."""
    paths: Paths = [(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)]
    assert effects(paths) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
    [probability] = {probability for _, _, probability, _ in effects_model.channel_effects(transitions(paths))}
    assert probability == pytest.approx(1 / 3)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=8), st.booleans()), min_size=1, max_size=40
    )
)
def test_effects_equal_those_of_the_fundamental_matrix(paths: Paths) -> None:
    assert effects(paths) == pytest.approx(reference(paths), abs=1e-9)


def test_without_any_conversion_no_channel_has_an_effect() -> None:
    assert effects([(["A", "B"], False)]) == {"A": 0.0, "B": 0.0}


def test_a_fit_says_what_it_was_made_of() -> None:
    hashes = {
        converts: {digest for *_, digest in effects_model.channel_effects(transitions([(["A"], converts)]))}
        for converts in (True, False)
    }
    assert hashes[True] != hashes[False]
    assert all(len(one) == 1 for one in hashes.values())
