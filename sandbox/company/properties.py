"""Everything a GA4 property has recorded, by report; also what head office's roll-up property has."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sandbox.company.advertising import ads_table
from sandbox.company.audience import users_of, users_table
from sandbox.company.behaviour import by_day, content_table, key_events_table
from sandbox.company.demand import Demand
from sandbox.company.experiments import experiment_tables
from sandbox.company.instants import day_number
from sandbox.company.locales import FIRST_DAY, LAST_DAY, LOCALES, ROLLUP, Locale
from sandbox.company.restatement import SESSION_DIMENSIONS, SESSION_METRICS
from sandbox.company.traffic import book_range, catalogues, sessions_table
from sandbox.company.visits import FormFillers, counted, property_visits, visits_table

Tables = dict[str, pa.Table]

_SEEN_ONCE = 0.982  # of the users of a day; the others were in two countries' sites
_ROLLED_UP = ("date", "sessionDefaultChannelGroup", "sessionSource", "sessionMedium")


def property_tables(demand: Demand, fillers: FormFillers, seed: int) -> Tables:
    """The reports of a market's property, by name: sessions, visits, users, key-events, content, ads, and what visitors
    were shown and did in experiments."""
    books = catalogues(demand.locale, *book_range(demand), seed)
    visits = property_visits(fillers, demand, books, seed)
    sessions = sessions_table(demand, books, counted(visits, demand), seed)
    users = users_of(_a_day(sessions, "sessions"), _stream(demand.locale, seed, 5))
    return {
        "visits": visits_table(visits, books),
        "sessions": sessions,
        **following(sessions, users, demand.locale, seed),
        **experiment_tables(demand.locale.code, visits, fillers, _stream(demand.locale, seed, 21)),
    }


def following(sessions: pa.Table, users: NDArray[np.int64], locale: Locale, seed: int) -> Tables:
    """The reports that follow from the sessions and the users of each day (see `_a_day`)."""
    return {
        "users": users_table(day_number(FIRST_DAY), users, _stream(locale, seed, 6)),
        "key-events": key_events_table(sessions, _stream(locale, seed, 7)),
        "content": content_table(sessions, _stream(locale, seed, 8)),
        "ads": ads_table(sessions, locale.currency, _stream(locale, seed, 9)),
    }


def rollup_tables(properties: dict[str, Tables], seed: int) -> Tables:
    """The reports of the roll-up property, from those of the properties by id; its days are theirs.

    It tells sessions apart by channel, source and medium only, and knows nobody's client id.
    """
    mine = [properties[locale.property_id] for locale in LOCALES if locale.is_configured]
    parts = [by_day(one["sessions"], _ROLLED_UP, SESSION_METRICS) for one in mine]
    sums = by_day(pa.concat_tables(parts), _ROLLED_UP, SESSION_METRICS)
    unknown = pa.repeat(pa.scalar("(not set)"), len(sums)).dictionary_encode()
    columns = {name: sums[name] if name in _ROLLED_UP else unknown for name in SESSION_DIMENSIONS}
    columns |= {name: sums[name] for name in SESSION_METRICS}
    columns["provisional_campaign"] = pa.repeat(pa.scalar(False), len(sums))
    sessions, visits = pa.table(columns), mine[0]["visits"].slice(0, 0)
    users = sum(_a_day(one["users"], "totalUsers") for one in mine)
    once = (np.asarray(users) * _SEEN_ONCE).astype(np.int64)
    nobody = {name: mine[0][name].slice(0, 0) for name in ("exposures", "visitor-events")}
    return {"visits": visits, "sessions": sessions, **nobody, **following(sessions, once, ROLLUP, seed)}


def _a_day(table: pa.Table, metric: str) -> NDArray[np.int64]:
    """Sums of a metric for every day of the company's data, from its first."""
    days = table["date"].cast(pa.int32()).to_numpy() - day_number(FIRST_DAY)
    sums = np.bincount(days, table[metric].to_numpy(), day_number(LAST_DAY) - day_number(FIRST_DAY) + 1)
    return sums.astype(np.int64)


def _stream(locale: Locale, seed: int, number: int) -> np.random.Generator:
    """A random stream of one report's own, so that none moves another."""
    return np.random.default_rng([seed, int(locale.property_id), number])
