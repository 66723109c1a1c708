"""The removal effect of every channel by locale and stage: how much fewer paths would lead to the stage without it.

Paths are a first-order Markov chain from `(start)` over channels to `(conversion)` or `(null)`; removing a channel
sends whoever would go to it to `(null)`. Probabilities of conversion are solved for exactly (Anderl et al., 2016,
"Mapping the customer journey"). `inputs_hash` says which transitions a fit was made of.
"""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa

Matrix = np.ndarray[Any, np.dtype[np.float64]]

START, CONVERSION, NOWHERE = "(start)", "(conversion)", "(null)"
SCHEMA = pa.schema(
    [
        ("locale", pa.string()),
        ("stage", pa.string()),
        ("channel", pa.string()),
        ("removal_effect", pa.float64()),
        ("conversion_probability", pa.float64()),
        ("inputs_hash", pa.string()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """The table of effects; `session` is DuckDB's connection."""
    dbt.config(materialized="table")
    transitions = dbt.ref("int_channel_transitions")
    rows = transitions.order("locale, stage, from_state, to_state").fetchall()
    effects = []
    for (locale, stage), group in groupby(rows, key=lambda row: row[:2]):
        effects += [(locale, stage, *effect) for effect in channel_effects([row[2:] for row in group])]
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, effect, strict=True)) for effect in effects], SCHEMA)


def channel_effects(transitions: list[tuple[str, str, int]]) -> Iterator[tuple[str, float, float, str]]:
    """(channel, removal effect, probability of conversion, hash of the transitions) for (from, to, count) triples."""
    channels = sorted({state for step in transitions for state in step[:2]} - {START, CONVERSION, NOWHERE})
    places = {state: place for place, state in enumerate([START, *channels])}
    steps, conversions = np.zeros((len(places), len(places))), np.zeros(len(places))
    for before, after, count in transitions:
        if after == CONVERSION:
            conversions[places[before]] += count
        elif after != NOWHERE:
            steps[places[before], places[after]] += count
    leaving = np.zeros(len(places))
    for before, _, count in transitions:
        leaving[places[before]] += count
    steps, conversions = steps / leaving[:, None], conversions / leaving
    whole = conversion_probability(steps, conversions)
    digest = hashlib.sha256(repr(transitions).encode()).hexdigest()[:16]
    for place, channel in enumerate(channels, start=1):
        kept = np.arange(len(places)) != place
        without = conversion_probability(steps[np.ix_(kept, kept)], conversions[kept])
        yield channel, float(1 - without / whole) if whole else 0.0, whole, digest


def conversion_probability(steps: Matrix, conversions: Matrix) -> float:
    """Chance to get from the first state to the conversion: p = steps p + conversions."""
    return float(np.linalg.solve(np.eye(len(conversions)) - steps, conversions)[0])
