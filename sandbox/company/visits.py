"""The identified visits of a property: what the client-id report knows of people with an analytics cookie."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.company.demand import Demand
from sandbox.company.instants import calendar
from sandbox.company.locales import LOCALES
from sandbox.company.records import World
from sandbox.company.traffic import dimension_columns, quarter_indices
from sandbox.company.web_catalogue import ROWS, Catalogue

_OPENS, _CLOSES = 7 * 60, 22 * 60
_DAY_MINUTES = 1_440
_LATE_SHARE = 0.05
_ANONYMOUS_A_SESSION = 0.0042


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits of one property, sorted by (minute, client): local minutes since 1970, and where each came in."""

    minutes: NDArray[np.int64]
    clients: NDArray[np.int64]
    entrances: NDArray[np.int64]
    is_late: NDArray[np.bool_]
    names: list[str]


FormFillers = list[tuple[int, str]]


def form_fillers(world: World) -> dict[str, FormFillers]:
    """Market → (local minute of the form, client id) of every lead its site created with consent."""
    found: dict[str, FormFillers] = {locale.code: [] for locale in LOCALES}
    calendars = {locale.code: calendar(locale.time_zone) for locale in LOCALES}
    for lead in world.leads:
        at, fields = lead.updates[0]
        if fields["client_id"] is not None:
            local = calendars[fields["words"]]
            found[fields["words"]].append(((at + local.offset(local.day_of(at))) // 60, fields["client_id"]))
    return found


def _around(forms: NDArray[np.int64], rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Minutes and owners of the visits of form fillers: the form's own visit, and others weeks before and after."""
    others = np.repeat(np.arange(len(forms)), rng.poisson(3.0, len(forms)))
    spread = np.where(
        rng.random(len(others)) < 0.6, -rng.exponential(14, len(others)), rng.exponential(25, len(others))
    )
    day = forms[others] // _DAY_MINUTES + np.rint(spread).astype(np.int64)
    minutes = day * _DAY_MINUTES + rng.integers(_OPENS, _CLOSES, len(others))
    own = forms - rng.integers(2, 15, len(forms))
    # A form sent just after opening time belongs to a visit that began at it.
    own = np.maximum(own, own // _DAY_MINUTES * _DAY_MINUTES + _OPENS)
    return np.concatenate([own, minutes]), np.concatenate([np.arange(len(forms)), others])


def _passers_by(demand: Demand, rng: np.random.Generator) -> tuple[NDArray[np.int64], list[str]]:
    """One visit each of people who accepted the cookie and never filled in a form."""
    counts = rng.poisson(demand.sessions * _ANONYMOUS_A_SESSION)
    days = np.repeat(demand.days, counts)
    minutes = days * _DAY_MINUTES + rng.integers(_OPENS, _CLOSES, len(days))
    numbers = rng.integers(2**31, 2**32, len(days))
    names = [f"{number}.{day * 86_400}" for number, day in zip(numbers.tolist(), days.tolist(), strict=True)]
    return minutes, names


def property_visits(fillers: FormFillers, demand: Demand, books: dict[str, Catalogue], seed: int) -> Visits:
    """All identified visits of one property between its go-live and the last day; one a client and minute."""
    rng = np.random.default_rng([seed, int(demand.locale.property_id), 4])
    forms = np.array([minute for minute, _ in fillers], dtype=np.int64)
    minutes, owners = _around(forms, rng)
    passing, passing_names = _passers_by(demand, rng)
    names = [name for _, name in fillers] + passing_names
    # Two leads may carry one client id: equal ids get the first one's number.
    first_place = {name: place for place, name in reversed(list(enumerate(names)))}
    number = np.array([first_place[name] for name in names], dtype=np.int64)
    clients = number[np.concatenate([owners, len(fillers) + np.arange(len(passing))])]
    minutes = np.concatenate([minutes, passing])
    inside = (minutes // _DAY_MINUTES >= demand.days[0]) & (minutes // _DAY_MINUTES <= demand.days[-1])
    pairs = np.unique(np.stack([minutes[inside], clients[inside]], axis=1), axis=0)
    quarters = quarter_indices(pairs[:, 0] // _DAY_MINUTES, list(books))
    entrances = quarters * ROWS + _entrances(quarters, books, rng)
    return Visits(pairs[:, 0], pairs[:, 1], entrances, rng.random(len(pairs)) < _LATE_SHARE, names)


def _entrances(quarters: NDArray[np.int64], books: dict[str, Catalogue], rng: np.random.Generator) -> NDArray[np.int64]:
    luck = rng.random(len(quarters))
    chosen = np.zeros(len(quarters), dtype=np.int64)
    for place, book in enumerate(books.values()):
        here = quarters == place
        chosen[here] = np.minimum(np.searchsorted(np.cumsum(book.shares), luck[here]), ROWS - 1)
    return chosen


def counted(visits: Visits, demand: Demand) -> NDArray[np.int64]:
    """How many visits each day (of the demand) had by each row of its catalogue: days × ROWS."""
    counts = np.zeros((len(demand.days), ROWS), dtype=np.int64)
    days = visits.minutes // _DAY_MINUTES - demand.days[0]
    np.add.at(counts, (days, visits.entrances % ROWS), 1)
    return counts


def visits_table(visits: Visits, books: dict[str, Catalogue]) -> pa.Table:
    """The final client-id report of one property, sorted by minute."""
    moments = visits.minutes.astype("datetime64[m]")
    text = np.datetime_as_string(moments, unit="m")
    stamps = pa.array([value.replace("-", "").replace("T", "").replace(":", "") for value in text.tolist()])
    columns = {"date": pa.array(moments.astype("datetime64[D]"), pa.date32()), "dateHourMinute": stamps}
    names = np.array(visits.names, dtype=object)
    columns["client_id"] = pa.array(names[visits.clients].tolist(), pa.string())
    columns |= dimension_columns(visits.entrances, books)
    columns["late"] = pa.array(visits.is_late)
    return pa.table(columns)
