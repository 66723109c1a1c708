"""The sessions report of a property: what was in `demand`, spread over the catalogue, plus the identified visits."""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.company.demand import Demand
from sandbox.company.instants import day_date
from sandbox.company.locales import Locale
from sandbox.company.restatement import SESSION_DIMENSIONS, SESSION_METRICS
from sandbox.company.web_catalogue import PAID_CHANNELS, ROWS, Catalogue, catalogue, quarter_label

_PAGES_A_SESSION = {"engaged": 3.4, "bounced": 1.1}
_PROVISIONAL_SHARE = 0.5


def catalogues(locale: Locale, first: date, last: date, seed: int) -> dict[str, Catalogue]:
    """The market's catalogue of every quarter between two days, in order."""
    months = {quarter_label(date(year, month, 1)): None for year in (first.year, last.year) for month in range(1, 13)}
    quarters = [name for name in sorted(months) if quarter_label(first) <= name <= quarter_label(last)]
    rng = np.random.default_rng([seed, int(locale.property_id), 2])
    tagging = np.random.default_rng([seed, int(locale.property_id), 10])
    return {quarter: catalogue(locale, quarter, rng, tagging) for quarter in quarters}


def quarter_indices(days: NDArray[np.int64], quarters: list[str]) -> NDArray[np.int64]:
    """For each day (since 1970) the position of its quarter in `quarters`, which are consecutive and sorted."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first_year, first_quarter = int(quarters[0][:4]), int(quarters[0][5])
    base = (first_year - 1970) * 4 + first_quarter - 1
    indices: NDArray[np.int64] = months // 3 - base
    return indices


def dictionary_column(codes: NDArray[np.int64], values: list[str]) -> pa.Array:
    """A dictionary<string> column of positions into `values`, which may repeat themselves."""
    unique = sorted(set(values))
    place = {value: index for index, value in enumerate(unique)}
    remap = np.array([place[value] for value in values], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(remap[codes]), pa.array(unique, pa.string()))


def dimension_columns(entrances: NDArray[np.int64], books: dict[str, Catalogue]) -> dict[str, pa.Array]:
    """The six session dimensions of rows given as quarter position × ROWS + row of that quarter's catalogue."""
    rows = [row for book in books.values() for row in book.rows]
    return {
        name: dictionary_column(entrances, [row[place] for row in rows])
        for place, name in enumerate(SESSION_DIMENSIONS[1:])
    }


def _session_counts(
    demand: Demand, books: dict[str, Catalogue], visits: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Sessions as days × catalogue rows: anonymous traffic by chance, the identified visits exactly as they were."""
    quarters = quarter_indices(demand.days, list(books))
    shares = np.stack([book.shares for book in books.values()])
    counts: NDArray[np.int64] = rng.poisson(demand.sessions[:, None] * shares[quarters])
    return counts + visits


def sessions_table(demand: Demand, books: dict[str, Catalogue], visits: NDArray[np.int64], seed: int) -> pa.Table:
    """The final sessions report of one property, sorted by date.

    `visits` is days × ROWS: how many identified visits each day had by each entrance. A row has at least one session.
    """
    rng = np.random.default_rng([seed, int(demand.locale.property_id), 3])
    counts = _session_counts(demand, books, visits, rng)
    day, row = np.nonzero(counts)
    sessions = counts[day, row].astype(np.int64)
    entrances = quarter_indices(demand.days, list(books))[day] * ROWS + row
    engaged = rng.binomial(sessions, 0.58)
    seconds = rng.poisson(engaged * 74.0 + (sessions - engaged) * 4.0)
    views = sessions + rng.poisson(
        engaged * (_PAGES_A_SESSION["engaged"] - 1) + (sessions - engaged) * (_PAGES_A_SESSION["bounced"] - 1)
    )
    metrics = [sessions, engaged, seconds, views, rng.binomial(sessions, 0.012)]
    columns = {"date": pa.array(demand.days[day].astype("datetime64[D]"), pa.date32())}
    columns |= dimension_columns(entrances, books)
    columns |= {name: pa.array(values.astype(np.int64)) for name, values in zip(SESSION_METRICS, metrics, strict=True)}
    is_paid = np.array([entry[2] in PAID_CHANNELS for book in books.values() for entry in book.rows])[entrances]
    columns["provisional_campaign"] = pa.array(is_paid & (rng.random(len(sessions)) < _PROVISIONAL_SHARE))
    return pa.table(columns)


def book_range(demand: Demand) -> tuple[date, date]:
    """First and last day of a market's demand."""
    return day_date(int(demand.days[0])), day_date(int(demand.days[-1]))
