"""What an org may change without a word, so that numbers mean something else: noticed before anything is landed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow.compute as pc

from connectors.errors import ConfigurationError
from connectors.landing import Landing
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.resolve import ResolvedStream, own_names
from connectors.salesforce.stream_specs import SOURCE
from connectors.salesforce.streams import CURRENCY_TYPE, DATED_CONVERSION_RATE

RATES = (CURRENCY_TYPE.name, DATED_CONVERSION_RATE.name)
CORPORATE = "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true"

HAS = "has"
"""In a window's metadata: the optional columns that were seen when it was pulled."""


def optional_columns(resolved: ResolvedStream) -> dict[str, str]:
    """Optional columns that the org shows, with their API paths."""
    optional = {field.name for field in resolved.stream.all_fields if field.is_optional}
    return {c.name: c.path for c in resolved.columns if c.path and c.name in optional}


def refuse_lost_fields(
    client: SalesforceClient, landing: Landing, resolved: ResolvedStream, scopes: Sequence[str]
) -> None:
    """A field that was there and is not seen any more looks like every record having lost its value (SF-49).

    Raises ConfigurationError, unless the connection says that it is to do without.
    """
    stream, connection = resolved.stream, client.connection
    own = own_names(connection)
    # A field that the connection no longer names is not looked for, and so not lost.
    paths = {field.name: path for field in stream.all_fields if (path := field.path.format(**own))}
    lost = _seen_before(landing, resolved, scopes) - set(optional_columns(resolved))
    names = [f"{stream.object_name}.{paths[name]}" for name in sorted(lost) if name in paths]
    unforeseen = [name for name in names if name not in connection.without]
    if unforeseen:
        raise ConfigurationError(
            f"{', '.join(unforeseen)} was there, and cannot be seen any more",
            source=SOURCE,
            scope=connection.name,
            stream=stream.name,
            next_step="Give the integration user access to it again; if it is gone for good, list it under the"
            " connection's `without`, and the column stays empty.",
        )


def refuse_rebased_rates(client: SalesforceClient, landing: Landing, resolved: ResolvedStream) -> None:
    """Rates are per unit of the org's corporate currency; another one gives them all another meaning (SF-47).

    Raises ConfigurationError unless it is the connection's ``corporate_currency``, or without one the landed one.
    """
    if resolved.stream.name not in RATES:
        return
    expected = client.connection.corporate_currency or _landed_corporate(landing, client.connection.name)
    found = sorted({str(record["IsoCode"]) for page in client.iter_records(CORPORATE) for record in page})
    if expected and found and found != [expected]:
        raise ConfigurationError(
            f"The org's corporate currency is {', '.join(found)}, not {expected}: all its rates have another base",
            source=SOURCE,
            scope=client.connection.name,
            stream=resolved.stream.name,
            next_step="If it was changed on purpose, set the connection's `corporate_currency`; rates landed before"
            " are per unit of the old one.",
        )


def _seen_before(landing: Landing, resolved: ResolvedStream, scopes: Sequence[str]) -> set[str]:
    """The optional columns that the newest window of these scopes says were seen."""
    windows = [w for scope in scopes for w in landing.windows(SOURCE, resolved.stream.name, scope)]
    facts: list[dict[str, Any]] = [json.loads(w.metadata) for w in sorted(windows, key=lambda w: w.end)]
    told = [fact[HAS] for fact in facts if HAS in fact]
    return set(told[-1]) if told else set()


def _landed_corporate(landing: Landing, connection: str) -> str | None:
    rows = landing.read(CURRENCY_TYPE.dataset)
    mine = rows.filter(pc.equal(rows["_connection"], connection)).sort_by("system_modstamp")
    newest = {row["id"]: row for row in mine.to_pylist()}
    return next((str(row["iso_code"]) for row in newest.values() if row["is_corporate"]), None)
