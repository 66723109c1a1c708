"""The users of a property: how many came on a day, and how many of these had come how many days before.

That is all it takes to count the users of any range of days exactly: each is counted on their first day in the range,
which is the day whose previous visit (if any) lies before the range.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

FIRST_VISIT = 0
"""The gap of those who have never been here before."""

GAPS = np.array([1, 2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 28, 35, 49, 70, 91])
_RETURN_WEIGHTS = np.array([9, 6, 4, 4, 4, 5, 10, 4, 4, 3, 6, 3, 5, 5, 3, 3, 2, 2]) / 82
_USERS_A_SESSION = (0.76, 0.86)
_RETURNING = 0.31
_ACTIVE = 0.94


def users_of(sessions: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """The users who had so many sessions, day by day."""
    shares = rng.uniform(*_USERS_A_SESSION, len(sessions))
    return np.maximum((sessions * shares).astype(np.int64), np.minimum(sessions, 1))


def users_table(first: int, users: NDArray[np.int64], rng: np.random.Generator) -> pa.Table:
    """The final users of consecutive days from `first` (since 1970) on, so many each, sorted by date and gap.

    Columns: date (date32), gap (days since the previous visit; `FIRST_VISIT`: none), totalUsers, activeUsers (int64).
    Nobody returns twice from one day: as many paths of people as there are first visits have exactly these counts.
    """
    returning = _RETURNING * _RETURN_WEIGHTS
    total = _chained(rng.multinomial(users, [1 - _RETURNING, *returning]), keep=True)
    # The active ones are a part of each of these groups, so no range has more of them than of all.
    active = _chained(rng.binomial(total, _ACTIVE), keep=False)
    day, group = np.nonzero(total)
    return pa.table(
        {
            "date": pa.array((first + day).astype("datetime64[D]"), pa.date32()),
            "gap": pa.array(np.concatenate([[FIRST_VISIT], GAPS])[group], pa.int64()),
            "totalUsers": pa.array(total[day, group], pa.int64()),
            "activeUsers": pa.array(active[day, group], pa.int64()),
        }
    )


def _chained(counts: NDArray[np.int64], *, keep: bool) -> NDArray[np.int64]:
    """Counts by day and group (first visits, then `GAPS`) such that from no day more return than were there.

    Those for whom there is nobody to have been here before are first visits (`keep`), or left out.
    """
    chained = counts.copy()
    left = np.zeros(len(counts), np.int64)
    for day in range(len(chained)):
        before = day - GAPS
        possible = np.where(before >= 0, left[before], 0)
        returning = np.minimum(chained[day, 1:], possible)
        if keep:
            chained[day, 0] += chained[day, 1:].sum() - returning.sum()
        chained[day, 1:] = returning
        left[before[before >= 0]] -= returning[before >= 0]
        left[day] = chained[day].sum()
    return chained
