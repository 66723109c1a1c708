"""How each model of attribution shares one whole among the touches of a path."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple


class Touch(NamedTuple):
    """A visit or an answer to a campaign: the page or campaign that was seen is its content."""

    at: int
    channel: str
    campaign: str
    content: str


DIRECT = "Direct"
HALF_LIFE_SECONDS = 7 * 86_400


class Path(NamedTuple):
    """What touched a prospect before an entry, oldest first, and the instants that some models look at."""

    stage: str
    entered_at: int
    touches: list[Touch]
    lead_at: int | None
    deal_at: int | None


Weights = list[float]


def _at(path: Path, instant: int | None) -> Weights:
    """One whole, shared by the touches of that instant; nothing if there is none."""
    there = sum(1 for touch in path.touches if touch[0] == instant)
    return [1 / there if touch[0] == instant else 0.0 for touch in path.touches]


def _latest(path: Path, until: int | None) -> Weights:
    """One whole for the last touch before an instant that lies before the entry."""
    if until is None or until > path.entered_at:
        return _at(path, None)
    return _at(path, max((touch[0] for touch in path.touches if touch[0] <= until), default=None))


def _levelled(path: Path, weights: Weights) -> Weights:
    """Touches at one instant get the mean of what they have."""
    totals: dict[int, list[float]] = {}
    for touch, weight in zip(path.touches, weights, strict=True):
        totals.setdefault(touch[0], []).append(weight)
    return [sum(totals[touch[0]]) / len(totals[touch[0]]) for touch in path.touches]


def _first(path: Path) -> Weights:
    return _at(path, path.touches[0][0])


def _last(path: Path) -> Weights:
    return _at(path, path.touches[-1][0])


def _last_non_direct(path: Path) -> Weights:
    paid = [touch for touch in path.touches if touch[1] != DIRECT]
    if not paid:
        return _last(path)
    chosen = [touch[1] != DIRECT and touch[0] == paid[-1][0] for touch in path.touches]
    return [one / sum(chosen) for one in chosen]


def _position_based(path: Path) -> Weights:
    count = len(path.touches)
    if count <= 2:
        return [1 / count] * count
    return _levelled(path, [0.4, *[0.2 / (count - 2)] * (count - 2), 0.4])


def _time_decay(path: Path) -> Weights:
    return [2.0 ** ((touch[0] - path.entered_at) / HALF_LIFE_SECONDS) for touch in path.touches]


def _anchored(path: Path, anchors: Iterable[Weights], part: float) -> Weights:
    """A part for each anchor, a tenth for those that are none."""
    held = [sum(parts) for parts in zip(*anchors, strict=True)]
    others = held.count(0.0)
    return [part * one if one else 0.1 / others for one in held]


def _w_shaped(path: Path) -> Weights:
    return _anchored(path, [_first(path), _latest(path, path.lead_at), _latest(path, path.deal_at)], 0.3)


def _full_path(path: Path) -> Weights:
    anchors = [_first(path), _latest(path, path.lead_at), _latest(path, path.deal_at)]
    if path.stage == "sale":
        anchors.append(_last(path))
    return _anchored(path, anchors, 0.225)


def _shapley(path: Path) -> Weights:
    """A path is a game won by all its channels together: each of them is owed the same."""
    times = Counter(touch[1] for touch in path.touches)
    return [1 / times[touch[1]] for touch in path.touches]


RULES: dict[str, Callable[[Path], Weights]] = {
    "first_touch": _first,
    "last_touch": _last,
    "last_non_direct": _last_non_direct,
    "linear": lambda path: [1.0] * len(path.touches),
    "position_based": _position_based,
    "time_decay": _time_decay,
    "w_shaped": _w_shaped,
    "full_path": _full_path,
    "shapley": _shapley,
}


def shares(path: Path, effects: Mapping[str, float]) -> dict[str, Weights]:
    """Weights of a path's touches by model, each summing to 1; ``effects`` are the channels' in the Markov chain."""
    found = {model: rule(path) for model, rule in RULES.items()}
    owed = [weight * effects[touch[1]] for weight, touch in zip(found["shapley"], path.touches, strict=True)]
    found["markov"] = owed
    return {model: [weight / sum(weights) for weight in weights] for model, weights in found.items()}
