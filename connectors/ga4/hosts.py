"""Whether a property is the locale's at all: a number copied from another country's file fits in every other way."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from connectors.errors import ConfigurationError
from connectors.ga4.streams import SOURCE
from connectors.specs import LocaleSpec

HOST, WEIGHT = "host_name", "sessions"
MENTIONED = 3


def check_hosts(table: pa.Table, locale: LocaleSpec) -> None:
    """Raise ConfigurationError when most visits of a report are to hosts that are not the locale's (GA-34).

    Not when some are: other people's pages carry our tag now and then (GA-35), and the models map hosts themselves.
    """
    if not locale.hosts or not {HOST, WEIGHT} <= set(table.column_names):
        return
    plain = pa.table({HOST: table[HOST].cast(pa.string()), WEIGHT: table[WEIGHT]})
    visits = plain.group_by(HOST).aggregate([(WEIGHT, "sum")]).to_pydict()
    counts = dict(zip(visits[HOST], visits[f"{WEIGHT}_sum"], strict=True))
    ours = sum(count for host, count in counts.items() if _is_ours(host, locale.hosts))
    if 2 * ours < sum(counts.values()):
        most = sorted(counts, key=lambda host: -counts[host])[:MENTIONED]
        raise ConfigurationError(
            f"The property's visits are to {', '.join(map(str, most))}, not to {', '.join(locale.hosts)}",
            source=SOURCE,
            next_step="Check the property number and the hosts in the locale's file.",
        )


def _is_ours(host: str | None, hosts: Sequence[str]) -> bool:
    return any(host == ours or (host or "").endswith(f".{ours}") for ours in hosts)
