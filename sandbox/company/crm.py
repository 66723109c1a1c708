"""The CRM's tables: every version of every record of an org, as its API would have shown them."""

from datetime import date

import pyarrow as pa

from sandbox.company import crm_sales, money
from sandbox.company.crm_columns import BOOL, DATE, INSTANT, MONEY, RENDERED, STRING, Column, cents, versions
from sandbox.company.ids import IdMint
from sandbox.company.instants import day_date, day_number, visible_from
from sandbox.company.locales import BY_CODE, ORGS
from sandbox.company.records import FieldRow, Record, World
from sandbox.company.vocabulary import LEAD_STATUSES, PROBABILITIES, STAGES

_FIRST_MONTH, _LAST_MONTH = date(2024, 12, 1), date(2026, 9, 1)
_SEED_AT = day_number(date(2024, 12, 1)) * 86_400
_MILLI = 1_000


def _arrow(name: str, kind: pa.DataType, values: list[object]) -> pa.Array:
    try:
        return pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as problem:
        raise TypeError(f"column {name} cannot be {kind}: {problem}") from problem


def _table(columns: dict[str, tuple[pa.DataType, list[object]]]) -> pa.Table:
    return pa.table({name: _arrow(name, kind, values) for name, (kind, values) in columns.items()})


def _render(records: list[Record], columns: list[Column]) -> pa.Table:
    """Versions of records of one object, sorted by (Id, commit_at)."""
    rows = [(record, *version) for record in sorted(records, key=lambda one: one.id) for version in versions(record)]
    stamps: list[object] = [at * _MILLI for _, at, _, _ in rows]
    table: dict[str, tuple[pa.DataType, list[object]]] = {
        name: (kind, [value(record, fields) for record, _, _, fields in rows]) for name, kind, value in columns
    }
    table["SystemModstamp"] = (INSTANT, stamps)
    table["LastModifiedDate"] = (INSTANT, stamps)
    table["commit_at"] = (INSTANT, [commit * _MILLI for _, _, commit, _ in rows])
    table["is_purged"] = (BOOL, [bool(fields.get("purged")) for *_, fields in rows])
    return _table(table)


def _spelt(row: FieldRow, value: str | None, words: str | None) -> str | None:
    if value is None:
        return None
    if row.field == "status":
        return LEAD_STATUSES[words or "uk"][value]
    return BY_CODE[value].crm_value if row.field == "locale" else value


def _lead_history(world: World, org: str) -> pa.Table:
    """LeadHistory: a row never changes, but may be purged for good."""
    names = {"status": "Status", "locale": ORGS[org].locale_field, "owner": "Owner"}
    names |= {"created": "created", "converted": "leadConverted"}
    found = [row for lead in world.leads if lead.org == org for row in lead.history]
    rows = [(row, visible_from(row.at), False) for row in found]
    rows += [(row, row.purged_at, True) for row in found if row.purged_at is not None]
    rows.sort(key=lambda entry: (entry[0].id, entry[1]))
    return _table(
        {
            "Id": (STRING, [row.id for row, _, _ in rows]),
            "IsDeleted": (BOOL, [False] * len(rows)),
            "LeadId": (STRING, [row.lead_id for row, _, _ in rows]),
            "CreatedDate": (INSTANT, [row.at * _MILLI for row, _, _ in rows]),
            "Field": (STRING, [names[row.field] for row, _, _ in rows]),
            "OldValue": (STRING, [_spelt(row, row.old, row.old_words) for row, _, _ in rows]),
            "NewValue": (STRING, [_spelt(row, row.new, row.new_words) for row, _, _ in rows]),
            "commit_at": (INSTANT, [commit * _MILLI for _, commit, _ in rows]),
            "is_purged": (BOOL, [is_purged for _, _, is_purged in rows]),
        }
    )


def _deal_history(world: World, org: str) -> pa.Table:
    """OpportunityHistory: one row a change of stage, amount or close date."""
    words = STAGES[org]
    rows = [
        (row, deal.id, deal.updates[0][1]["currency"])
        for deal in world.deals
        if deal.org == org
        for row in deal.history
    ]
    rows.sort(key=lambda entry: entry[0].id)
    stamps: list[object] = [row.at * _MILLI for row, _, _ in rows]
    columns: dict[str, tuple[pa.DataType, list[object]]] = {
        "Id": (STRING, [row.id for row, _, _ in rows]),
        "IsDeleted": (BOOL, [False] * len(rows)),
        "OpportunityId": (STRING, [deal_id for _, deal_id, _ in rows]),
        "CreatedDate": (INSTANT, stamps),
        "SystemModstamp": (INSTANT, stamps),
        "StageName": (STRING, [words[row.stage] for row, _, _ in rows]),
        "Amount": (MONEY, [cents(row.amount) for row, _, _ in rows]),
        "CloseDate": (DATE, [day_date(row.close_day) for row, _, _ in rows]),
        "Probability": (pa.float64(), [float(PROBABILITIES[row.stage]) for row, _, _ in rows]),
        "commit_at": (INSTANT, [visible_from(row.at) * _MILLI for row, _, _ in rows]),
        "is_purged": (BOOL, [False] * len(rows)),
    }
    if ORGS[org].is_multi_currency:
        columns["CurrencyIsoCode"] = (STRING, [currency for _, _, currency in rows])
    return _table(columns)


def _desks(world: World, org: str) -> dict[str, str]:
    """Id and name of everybody who owns something."""
    owning: list[Record] = [*world.leads, *world.contacts, *world.accounts, *world.deals, *world.campaigns]
    updates = [update for one in owning if one.org == org for _, update in one.updates]
    ids = sorted({update["owner"] for update in updates if "owner" in update})
    return {owner: f"Sales desk {number}" for number, owner in enumerate(ids, start=1)}


_TEAMS = ("Inside sales", "Field sales", "Inside sales", "Partners", None)


def _users(world: World, org: str) -> pa.Table:
    """The people who own records."""
    desks = _desks(world, org)
    ids, count = list(desks), len(desks)
    stamps: list[object] = [_SEED_AT * _MILLI] * count
    return _table(
        {
            "Id": (STRING, list(ids)),
            "Name": (STRING, list(desks.values())),
            "Username": (STRING, [f"desk{number + 1}@{org}.noordlicht.example" for number in range(count)]),
            "Email": (STRING, [f"desk{number + 1}@noordlicht.example" for number in range(count)]),
            "Department": (STRING, [_TEAMS[number % len(_TEAMS)] for number in range(count)]),
            "IsActive": (BOOL, [number % 11 != 10 for number in range(count)]),
            "CreatedDate": (INSTANT, stamps),
            "SystemModstamp": (INSTANT, stamps),
            "commit_at": (INSTANT, [visible_from(_SEED_AT) * _MILLI] * count),
            "is_purged": (BOOL, [False] * count),
        }
    )


def _months() -> list[date]:
    return [
        date(year, month, 1)
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
        if _FIRST_MONTH <= date(year, month, 1) <= _LAST_MONTH
    ]


def _dated_rates() -> pa.Table:
    """DatedConversionRate: a rate a currency and month, in units of the corporate currency; the end is exclusive."""
    mint, months = IdMint("DatedConversionRate", ORGS["global"].id_pod), _months()
    rows = []
    for start, following in zip(months, [*months[1:], date(2026, 10, 1)], strict=True):
        at = day_number(start) * 86_400 + 600
        for currency in ("EUR", *money.CURRENCIES):
            rate = round(money.rate(currency, day_number(start) - 1), 6)
            rows.append((mint(), currency, start, following, rate, at))
    stamps: list[object] = [row[5] * _MILLI for row in rows]
    return _table(
        {
            "Id": (STRING, [row[0] for row in rows]),
            "IsoCode": (STRING, [row[1] for row in rows]),
            "StartDate": (DATE, [row[2] for row in rows]),
            "NextStartDate": (DATE, [row[3] for row in rows]),
            "ConversionRate": (pa.float64(), [row[4] for row in rows]),
            "CreatedDate": (INSTANT, stamps),
            "SystemModstamp": (INSTANT, stamps),
            "commit_at": (INSTANT, [visible_from(row[5]) * _MILLI for row in rows]),
            "is_purged": (BOOL, [False] * len(rows)),
        }
    )


def _currency_types() -> pa.Table:
    """CurrencyType: the static rate an org converts at where nothing dated applies; updated every month."""
    mint = IdMint("CurrencyType", ORGS["global"].id_pod)
    created: list[object] = []
    rows = []
    for currency in ("EUR", *money.CURRENCIES):
        id_ = mint()
        for month in _months():
            at = day_number(month) * 86_400 + 600
            rows.append((id_, currency, round(money.rate(currency, day_number(month) - 1), 6), at))
            created.append(_SEED_AT * _MILLI)
    return _table(
        {
            "Id": (STRING, [row[0] for row in rows]),
            "IsoCode": (STRING, [row[1] for row in rows]),
            "ConversionRate": (pa.float64(), [row[2] for row in rows]),
            "DecimalPlaces": (pa.int64(), [0 if row[1] == "JPY" else 2 for row in rows]),
            "IsActive": (BOOL, [True] * len(rows)),
            "IsCorporate": (BOOL, [row[1] == "EUR" for row in rows]),
            "CreatedDate": (INSTANT, created),
            "SystemModstamp": (INSTANT, [row[3] * _MILLI for row in rows]),
            "commit_at": (INSTANT, [visible_from(row[3]) * _MILLI for row in rows]),
            "is_purged": (BOOL, [False] * len(rows)),
        }
    )


def crm_tables(world: World) -> dict[tuple[str, str], pa.Table]:
    """(org, object) → every version of every record, sorted by (Id, commit_at)."""
    tables: dict[tuple[str, str], pa.Table] = {}
    for org in ORGS:
        for name, (attribute, columns) in {**RENDERED, **crm_sales.RENDERED}.items():
            records = [record for record in getattr(world, attribute) if record.org == org]
            tables[org, name] = _render(records, columns(org))
        tables[org, "LeadHistory"] = _lead_history(world, org)
        tables[org, "OpportunityHistory"] = _deal_history(world, org)
        if org in crm_sales.TRACKS_DEAL_FIELDS:
            tables[org, "OpportunityFieldHistory"] = crm_sales.deal_field_history(world, org, _desks(world, org))
        tables[org, "User"] = _users(world, org)
    tables["global", "CurrencyType"] = _currency_types()
    tables["global", "DatedConversionRate"] = _dated_rates()
    return tables
