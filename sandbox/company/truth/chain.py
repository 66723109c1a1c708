"""The Markov chain of channels, walked step by step until nobody is left on the way."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence

START, CONVERTED, LOST = 0, 1, 2
State = str | int
LEFT_OVER = 1e-14


def _conversion(steps: dict[State, dict[State, float]], removed: str | None) -> float:
    """The part of those who start that converts, if whoever would go to the removed channel were lost."""
    converted, walking = 0.0, {START: 1.0}
    while sum(walking.values()) > LEFT_OVER:
        following: dict[State, float] = defaultdict(float)
        for state, mass in walking.items():
            for target, chance in steps[state].items():
                if target == CONVERTED:
                    converted += mass * chance
                elif target not in (LOST, removed):
                    following[target] += mass * chance
        walking = following  # type: ignore[assignment]
    return converted


def effects(paths: Iterable[tuple[Sequence[str], bool]]) -> dict[str, float]:
    """Removal effect by channel, of (channels in order, whether the path converted)."""
    counts: dict[State, dict[State, int]] = defaultdict(lambda: defaultdict(int))
    for channels, is_converted in paths:
        states: list[State] = [START, *channels, CONVERTED if is_converted else LOST]
        for before, after in itertools.pairwise(states):
            counts[before][after] += 1
    steps = {
        state: {target: count / sum(targets.values()) for target, count in targets.items()}
        for state, targets in counts.items()
    }
    whole = _conversion(steps, None)
    return {
        str(state): 1 - _conversion(steps, str(state)) / whole if whole else 0.0 for state in steps if state != START
    }
