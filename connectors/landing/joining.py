"""Windows of changes that adjoin are one: an hourly refresh would leave a record an hour and scope for ever."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from connectors.landing.dataset import Dataset, LandedWindow, window_id


def joined(windows: Iterable[LandedWindow], dataset: Dataset) -> list[LandedWindow]:
    """The same coverage in as few windows as can be. Those that reach back to the first record are left alone.

    What a later window says of itself goes before what an earlier one said; rows and windows are counted up.
    """
    kept: list[LandedWindow] = []
    for window in sorted(windows, key=lambda w: (w.start or "", w.end)):
        last = kept[-1] if kept else None
        # Instants are UTC in one notation, so their texts are in their order.
        if last and last.start and window.start and window.start <= last.end:
            kept[-1] = _both(last, window, dataset)
        else:
            kept.append(window)
    return kept


def _both(first: LandedWindow, second: LandedWindow, dataset: Dataset) -> LandedWindow:
    older, newer = sorted((first, second), key=lambda w: (w.end, w.loaded_at))
    start, rows = min(first.start or "", second.start or ""), first.rows + second.rows
    facts = {**json.loads(older.metadata), **json.loads(newer.metadata)}
    facts |= {"rows": rows, "windows": sum(json.loads(w.metadata).get("windows", 1) for w in (first, second))}
    return replace(
        newer,
        window_id=window_id(dataset, newer.scope, start, newer.end),
        start=start,
        rows=rows,
        metadata=json.dumps(facts, sort_keys=True, ensure_ascii=False),
        loaded_at=max(first.loaded_at, second.loaded_at),
    )
