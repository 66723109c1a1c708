"""`python -m benchmarks.extraction_table`: the last extraction measurement as the tables of `docs/performance.md`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import RESULTS

NAMES = {
    "floor": "the same bytes, thrown away",
    "ours": "**Trechter**, landed Parquet",
    "official": "Google's client, row by row",
    "official_rest": "simple-salesforce, `query_all_iter`",
    "official_bulk": "simple-salesforce, `bulk2` and `csv.DictReader`",
    "airbyte_alternative": "Airbyte's source",
    "tap_alternative": "Singer tap",
    "dlt_alternative": "dlt, fed row by row, Parquet",
}
VENDORS = {"salesforce": "Salesforce, 25 fields", "ga4": "GA4, 12 columns"}


def tables(figures: dict[str, Any]) -> Iterator[str]:
    """One table a vendor: seconds of the whole process (of the work alone), and peak memory, by number of rows."""
    sizes = list(figures["rows"])
    for vendor, title in VENDORS.items():
        yield f"| {title} | " + " | ".join(f"{int(size):,} rows" for size in sizes) + " |"
        yield "|---" * (len(sizes) + 1) + "|"
        for kind, name in NAMES.items():
            cells = [_cell(figures["rows"][size].get(f"{vendor}_{kind}")) for size in sizes]
            if any(cells):
                yield f"| {name} | " + " | ".join(cells) + " |"
        yield ""
    yield "| bar | measured | wanted | met |"
    yield "|---|---|---|---|"
    for name, bar in figures["bars"].items():
        wanted = f"≤ {bar['at_most']}" if "at_most" in bar else f"≥ {bar['at_least']}"
        yield f"| {name.replace('_', ' ')} | {bar['measured']} | {wanted} | {'yes' if bar['is_met'] else 'no'} |"


def _cell(way: dict[str, Any] | None) -> str:
    if way is None:
        return ""
    if "failed" in way:
        return "failed"
    lost = f", {way['rows_delivered']:,} rows only" if "rows_delivered" in way else ""
    return f"{way['seconds']:.1f} s ({way['work_seconds']:.2f}), {way['peak_megabytes']:.0f} MB{lost}"


if __name__ == "__main__":
    print("\n".join(tables(json.loads((RESULTS / "extraction.json").read_text())["figures"])))
