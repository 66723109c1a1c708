"""Two A/B tests on the company's sites, with effects that are known because they were put there.

Who comes, and who becomes a lead, is decided elsewhere and stays as it is. Where what counts is a lead, visitors are
dealt to variants so that those who become one are found in each variant in the proportion that its effect would have
brought about; where it is a key event, the variant decides whether it happens.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.company.instants import day_number
from sandbox.company.locales import LAST_DAY
from sandbox.company.visits import FormFillers, Visits

_DAY_MINUTES = 1_440
_ELIGIBLE = 0.75
_SHOWN_ANOTHER = 0.02
_LATE = 0.05
_LOST = 0.35
_SOMEBODY_ELSES, _ELSEWHERE = "OTHER-PROMO-1", 0.04
_NO_KEY_EVENT, _SCROLLS = "scroll", 0.3
_ANOTHER_EVENT, _OTHERWISE = "file_download", 0.05
_BEFORE = 0.03
_PUNCTUATION = str.maketrans("", "", "-:T")

VARIANT = "customEvent:exp_variant_string"


@dataclass(frozen=True, slots=True)
class Trial:
    """One A/B test: its variants' values, shares and effects (how often they succeed, the first one's being 1).

    ``key_event`` happens to that part of a market's visitors that ``base`` says; without one, success is a lead.
    ``lossy`` are the markets where a part of the last variant's visitors is lost before they are counted.
    """

    markets: tuple[str, ...]
    first: date
    last: date
    follow_up_days: int
    values: tuple[str, ...]
    shares: tuple[float, ...]
    effects: tuple[float, ...]
    key_event: str | None = None
    base: float = 0.0
    lossy: tuple[str, ...] = ()


SHORT_FORM = Trial(
    markets=("nl", "de", "be-nl", "uk", "us", "se"),
    first=date(2026, 3, 2),
    last=date(2026, 4, 26),
    follow_up_days=14,
    values=("NOR-SHORTFORM-LONG", "NOR-SHORTFORM-SHORT"),
    shares=(0.5, 0.5),
    effects=(1.0, 1.35),
    lossy=("se",),
)
PRICE_PAGE = Trial(
    markets=("nl", "de", "ch", "pl", "au"),
    first=date(2026, 5, 4),
    last=date(2026, 7, 26),
    follow_up_days=0,
    values=("NOR-PRICES-NONE", "NOR-PRICES-LIST", "NOR-PRICES-CALC"),
    shares=(0.4, 0.3, 0.3),
    effects=(1.0, 1.0, 1.6),
    key_event="quote_request",
    base=0.06,
)
TRIALS = (SHORT_FORM, PRICE_PAGE)


Row = tuple[int, int, str]
"""Local minute since 1970, position in ``Visits.names``, and a word: what was shown, or what was done."""


def experiment_tables(
    market: str, visits: Visits, fillers: FormFillers, rng: np.random.Generator
) -> dict[str, pa.Table]:
    """The final reports of what visitors were shown (`exposures`) and did (`visitor-events`), sorted by minute.

    Columns of both: date, dateHourMinute, client_id, eventCount, late; of the first also the variant, of the second
    eventName, isKeyEvent, keyEvents.
    """
    forms: dict[str, list[int]] = defaultdict(list)
    for minute, name in fillers:
        forms[name].append(minute)
    shown: list[Row] = []
    done: list[Row] = []
    for trial in TRIALS:
        if market in trial.markets:
            mine, theirs = _play(trial, market, visits, forms, rng)
            shown += mine
            done += theirs
    exposures, events = _table(sorted(shown), visits, rng), _table(sorted(done), visits, rng)
    is_key = pc.not_equal(events["word"], _NO_KEY_EVENT)
    return {
        "exposures": exposures.rename_columns([VARIANT if name == "word" else name for name in exposures.column_names]),
        "visitor-events": events.rename_columns(
            ["eventName" if name == "word" else name for name in events.column_names]
        )
        .append_column("isKeyEvent", pc.if_else(is_key, "true", "false"))
        .append_column("keyEvents", pc.cast(is_key, pa.int64())),
    }


def _play(
    trial: Trial, market: str, visits: Visits, forms: dict[str, list[int]], rng: np.random.Generator
) -> tuple[list[Row], list[Row]]:
    """What visitors of one test were shown, and the key events they sent."""
    shown: list[Row] = []
    seen = _seen(trial, visits, rng)
    succeeds = {client: _succeeds(trial, visits.names[client], minutes[0], forms) for client, minutes in seen.items()}
    odds = _odds(trial, sum(succeeds.values()) / max(len(seen), 1))
    done: list[Row] = []
    for client, minutes in seen.items():
        place = int(rng.choice(len(trial.values), p=odds[succeeds[client]]))
        is_lost = market in trial.lossy and place == len(trial.values) - 1 and rng.random() < _LOST
        if not is_lost:
            shown += [(minute, client, trial.values[place]) for minute in minutes]
            if len(minutes) > 1 and rng.random() < _SHOWN_ANOTHER:
                shown.append((minutes[-1], client, trial.values[place - 1]))
        if rng.random() < _ELSEWHERE:
            shown.append((minutes[0], client, _SOMEBODY_ELSES))
        done += _events(trial, place, client, minutes[0], rng)
    # Whoever tries the test out before it begins is no visitor of it.
    first = _DAY_MINUTES * day_number(trial.first)
    shown += [(first - 600 - number, client, trial.values[-1]) for number, client in enumerate(list(seen)[:5])]
    return shown, done


def _seen(trial: Trial, visits: Visits, rng: np.random.Generator) -> dict[int, list[int]]:
    """Visitor → minutes of the visits to the page that is tried out, in order."""
    days = visits.minutes // _DAY_MINUTES
    is_there = (
        (days >= day_number(trial.first)) & (days <= day_number(trial.last)) & (rng.random(len(days)) < _ELIGIBLE)
    )
    seen: dict[int, list[int]] = defaultdict(list)
    for minute, client in zip(visits.minutes[is_there].tolist(), visits.clients[is_there].tolist(), strict=True):
        seen[client].append(minute)
    return seen


def _succeeds(trial: Trial, name: str, minute: int, forms: dict[str, list[int]]) -> bool:
    """Whether a visitor becomes a lead in time, where that is what counts."""
    end = _DAY_MINUTES * (day_number(trial.last) + trial.follow_up_days + 1)
    return trial.key_event is None and any(minute <= form < end for form in forms.get(name, ()))


def _odds(trial: Trial, succeeding: float) -> tuple[list[float], list[float]]:
    """Chances of the variants for those who do not succeed and for those who do; together they are the shares."""
    weights = np.array(trial.shares) * np.array(trial.effects)
    theirs = weights / weights.sum()
    if trial.key_event is not None:
        return list(trial.shares), list(trial.shares)
    others = (np.array(trial.shares) - succeeding * theirs) / (1 - succeeding)
    return others.tolist(), theirs.tolist()


def _events(trial: Trial, place: int, client: int, minute: int, rng: np.random.Generator) -> list[Row]:
    """The key event, if it comes; some had it the day before, and all do other things too."""
    found = [(minute + 1, client, _NO_KEY_EVENT)] if rng.random() < _SCROLLS else []
    if trial.key_event is None:
        return found
    if rng.random() < _BEFORE:
        found.append((minute - _DAY_MINUTES, client, trial.key_event))
    if rng.random() < trial.base * trial.effects[place]:
        later = 0 if rng.random() < 0.6 else _DAY_MINUTES * int(rng.integers(1, 10))
        found.append((minute + later + int(rng.integers(0, 30)), client, trial.key_event))
    if rng.random() < _OTHERWISE:
        found.append((minute + 3, client, _ANOTHER_EVENT))
    return found


def _table(rows: list[Row], visits: Visits, rng: np.random.Generator) -> pa.Table:
    """Rows of a report, one a minute, visitor and word, with how often and whether late."""
    counted = Counter(rows)
    moments = np.array([minute for minute, _, _ in counted], dtype=np.int64).astype("datetime64[m]")
    days = moments.astype("datetime64[D]")
    is_known = days <= np.datetime64(LAST_DAY, "D")
    stamps = [text.translate(_PUNCTUATION) for text in np.datetime_as_string(moments, unit="m").tolist()]
    table = pa.table(
        {
            "date": pa.array(days, pa.date32()),
            "dateHourMinute": pa.array(stamps, pa.string()),
            "client_id": pa.array([visits.names[client] for _, client, _ in counted], pa.string()),
            "word": pa.array([word for _, _, word in counted], pa.string()),
            "eventCount": pa.array(list(counted.values()), pa.int64()),
            "late": pa.array(rng.random(len(counted)) < _LATE),
        }
    )
    return table.filter(pa.array(is_known))
