"""A company small enough to know by heart, for the tests of the vendors that serve it.

Dutch property 310000001, every day of 2026-06-01…2026-07-01: 100 organic sessions on /sensoren, 50 paid ones of
campaign `spring` on / (provisional) and 20 direct ones on /, by 100 users. Visitor `c1` came on 2026-06-25 at 10:15,
`c2` (late) on 2026-06-30 at 09:00, both on /sensoren. The roll-up property has the same, but for the visitors.

Org global: lead A changes its status on 2026-06-30 and again (not yet visible) on 2026-07-01 at 12:00, lead B was
merged into A, lead C was purged, lead D has an awkward name; 2,500 more are plain. Org americas: one lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from sandbox.company.experiments import VARIANT
from sandbox.company.ids import checksum
from sandbox.company.locales import FIRST_DAY, LAST_DAY, LOCALES, ROLLUP, Locale
from sandbox.company.properties import Tables, following

TODAY = date(2026, 7, 1)
PROPERTY = "310000001"
PLAIN_LEADS = 2_500
INSTANT = pa.timestamp("ms", tz="UTC")
SESSION_DIMENSIONS = (
    "hostName",
    "landingPage",
    "sessionDefaultChannelGroup",
    "sessionSource",
    "sessionMedium",
    "sessionCampaignName",
)
_HOST = "nl.noordlicht.example"
ORGANIC = (_HOST, "/sensoren", "Organic Search", "google", "organic", "(organic)")
PAID = (_HOST, "/", "Paid Search", "google", "cpc", "spring")
DIRECT = (_HOST, "/", "Direct", "(direct)", "(none)", "(direct)")

LEAD = pa.schema(
    [
        ("Id", pa.string()),
        ("IsDeleted", pa.bool_()),
        ("CreatedDate", INSTANT),
        ("LastName", pa.string()),
        ("Email", pa.string()),
        ("Status", pa.string()),
        ("MasterRecordId", pa.string()),
        ("OwnerId", pa.string()),
        ("Locale__c", pa.string()),
        ("ConvertedDate", pa.date32()),
        ("SystemModstamp", INSTANT),
        ("commit_at", INSTANT),
        ("is_purged", pa.bool_()),
    ]
)
LEAD_HISTORY = pa.schema(
    [
        ("Id", pa.string()),
        ("IsDeleted", pa.bool_()),
        ("LeadId", pa.string()),
        ("CreatedDate", INSTANT),
        ("Field", pa.string()),
        ("NewValue", pa.string()),
        ("commit_at", INSTANT),
        ("is_purged", pa.bool_()),
    ]
)
OPPORTUNITY = pa.schema(
    [
        ("Id", pa.string()),
        ("IsDeleted", pa.bool_()),
        ("CreatedDate", INSTANT),
        ("Amount", pa.decimal128(18, 2)),
        ("CurrencyIsoCode", pa.string()),
        ("CloseDate", pa.date32()),
        ("SystemModstamp", INSTANT),
        ("commit_at", INSTANT),
        ("is_purged", pa.bool_()),
    ]
)
USER = pa.schema([("Id", pa.string()), ("Name", pa.string()), ("commit_at", INSTANT), ("is_purged", pa.bool_())])


def record_id(prefix: str, number: int) -> str:
    """An 18-character id."""
    short = f"{prefix}1E{number:010d}"
    return short + checksum(short)


A, B, C, D = (record_id("00Q", number) for number in range(1, 5))
OWNER = record_id("005", 1)
DEAL = record_id("006", 1)


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class MiniatureCompany:
    """The company described above."""

    locales: tuple[Locale, ...] = tuple(locale for locale in LOCALES if locale.code in {"nl", "us"})
    rollup: Locale = ROLLUP

    def ga4_sessions(self, property_id: str) -> pa.Table:
        is_live = property_id in {PROPERTY, ROLLUP.property_id}
        days = [date(2026, 6, day) for day in range(1, 31)] + [TODAY] if is_live else []
        rows = [
            (day, words, sessions) for day in days for words, sessions in ((ORGANIC, 100), (PAID, 50), (DIRECT, 20))
        ]
        columns: dict[str, Any] = {"date": pa.array([day for day, _, _ in rows], pa.date32())}
        for place, name in enumerate(SESSION_DIMENSIONS):
            columns[name] = pa.array([words[place] for _, words, _ in rows], pa.string()).dictionary_encode()
        counts = [sessions for _, _, sessions in rows]
        for name, factor in (
            ("sessions", 1),
            ("engagedSessions", 1),
            ("userEngagementDuration", 60),
            ("screenPageViews", 3),
        ):
            columns[name] = pa.array([count * factor for count in counts], pa.int64())
        columns["keyEvents"] = pa.array([1] * len(rows), pa.int64())
        columns["provisional_campaign"] = pa.array([words is PAID for _, words, _ in rows], pa.bool_())
        return pa.table(columns)

    def ga4_visits(self, property_id: str) -> pa.Table:
        visits = (
            [(date(2026, 6, 25), "202606251015", "c1", False), (date(2026, 6, 30), "202606300900", "c2", True)]
            if property_id == PROPERTY
            else []
        )
        columns: dict[str, Any] = {
            "date": pa.array([visit[0] for visit in visits], pa.date32()),
            "dateHourMinute": pa.array([visit[1] for visit in visits], pa.string()),
            "client_id": pa.array([visit[2] for visit in visits], pa.string()),
        }
        for place, name in enumerate(SESSION_DIMENSIONS):
            columns[name] = pa.array([ORGANIC[place]] * len(visits), pa.string()).dictionary_encode()
        columns["late"] = pa.array([visit[3] for visit in visits], pa.bool_())
        return pa.table(columns)

    def ga4_users(self, property_id: str) -> pa.Table:
        return self._following(property_id)["users"]

    def ga4_key_events(self, property_id: str) -> pa.Table:
        return self._following(property_id)["key-events"]

    def ga4_content(self, property_id: str) -> pa.Table:
        return self._following(property_id)["content"]

    def ga4_ads(self, property_id: str) -> pa.Table:
        return self._following(property_id)["ads"]

    def ga4_exposures(self, property_id: str) -> pa.Table:
        shown = [
            ("202606251015", "c1", "T-FORM-LONG"),
            ("202606251015", "c1", "T-PRICE-NONE"),
            ("202606260900", "c3", "T-FORM-SHORT"),
        ]
        return _of_visitors(shown if property_id == PROPERTY else [], {VARIANT: 2})

    def ga4_visitor_events(self, property_id: str) -> pa.Table:
        done = [("202606251016", "c1", "scroll", "false"), ("202606260910", "c3", "generate_lead", "true")]
        return _of_visitors(done if property_id == PROPERTY else [], {"eventName": 2, "isKeyEvent": 3})

    def _following(self, property_id: str) -> Tables:
        locale = next(one for one in (*self.locales, self.rollup) if one.property_id == property_id)
        sessions = self.ga4_sessions(property_id)
        users = np.zeros((LAST_DAY - FIRST_DAY).days + 1, np.int64)
        users[[(day - FIRST_DAY).days for day in sessions["date"].unique().to_pylist()]] = 100
        return following(sessions, users, locale, 7)

    def crm_versions(self, org: str, object_name: str) -> pa.Table:
        if object_name == "Lead":
            return _table(LEAD, _global_leads() if org == "global" else [_lead(A, "2026-05-01", Locale__c="US")])
        if object_name == "LeadHistory":
            return _table(LEAD_HISTORY, _lead_history() if org == "global" else [])
        if object_name == "Opportunity":
            without = OPPORTUNITY.remove(OPPORTUNITY.get_field_index("CurrencyIsoCode"))
            return _table(OPPORTUNITY if org == "global" else without, [_deal()] if org == "global" else [])
        if object_name == "User":
            return _table(USER, [{"Id": OWNER, "Name": "Sales desk 1", "commit_at": at("2025-01-01")}])
        return _table(USER, [])


def _of_visitors(rows: Sequence[tuple[str, ...]], words: dict[str, int]) -> pa.Table:
    """Rows of (minute, client, words …) as a property keeps them, each once and in time."""
    columns: dict[str, Any] = {
        "date": pa.array([datetime.strptime(row[0][:8], "%Y%m%d").date() for row in rows], pa.date32()),  # noqa: DTZ007
        "dateHourMinute": pa.array([row[0] for row in rows], pa.string()),
        "client_id": pa.array([row[1] for row in rows], pa.string()),
    }
    columns |= {name: pa.array([row[place] for row in rows], pa.string()) for name, place in words.items()}
    columns |= {name: pa.array([1] * len(rows), pa.int64()) for name in ("eventCount", "keyEvents")}
    return pa.table({**columns, "late": pa.array([False] * len(rows), pa.bool_())})


def _global_leads() -> list[dict[str, Any]]:
    named = [
        _lead(A, "2026-06-01", LastName="Jansen", Email=" Ada@Firm.example", Status="Nieuw"),
        _lead(A, "2026-06-30T10:00:00", LastName="Jansen", Email=" Ada@Firm.example", Status="In behandeling"),
        _lead(A, "2026-07-01T12:00:00", LastName="Jansen", Email=" Ada@Firm.example", Status="Afgewezen"),
        _lead(B, "2026-06-02", LastName="Janssen", Email="ada@firm.example"),
        _lead(B, "2026-06-20", LastName="Janssen", Email="ada@firm.example", IsDeleted=True, MasterRecordId=A),
        _lead(C, "2026-06-03", LastName="Gone"),
        _lead(C, "2026-06-25", LastName="Gone", is_purged=True),
        _lead(D, "2026-06-04", LastName='Köln "the\nquoted", 東京 \\', Email=None, OwnerId=None, Locale__c="BE-NL"),
    ]
    return named + [_lead(record_id("00Q", 100 + row), "2026-05-01", Locale__c="DE") for row in range(PLAIN_LEADS)]


def _lead(lead_id: str, stamp: str, **fields: Any) -> dict[str, Any]:
    plain = {
        "LastName": "Plain",
        "Email": "plain@firm.example",
        "Status": "Neu",
        "OwnerId": OWNER,
        "Locale__c": "NL",
        "IsDeleted": False,
        "ConvertedDate": date(2026, 6, 15) if lead_id == A else None,
    }
    stamps = {"CreatedDate": at("2026-05-01T08:30:15"), "SystemModstamp": at(stamp), "commit_at": at(stamp)}
    return {"Id": lead_id, **plain, **stamps, **fields}


def _lead_history() -> list[dict[str, Any]]:
    rows = ((1, A, "In behandeling"), (2, B, "Nieuw"), (3, record_id("00Q", 100), "In Bearbeitung"))
    return [
        {
            "Id": record_id("017", number),
            "IsDeleted": False,
            "LeadId": lead,
            "CreatedDate": at("2026-06-30"),
            "Field": "Status",
            "NewValue": value,
            "commit_at": at("2026-06-30"),
        }
        for number, lead, value in rows
    ]


def _deal() -> dict[str, Any]:
    stamps = {"CreatedDate": at("2026-06-01"), "SystemModstamp": at("2026-06-01"), "commit_at": at("2026-06-01")}
    money = {"Amount": Decimal("1250.50"), "CurrencyIsoCode": "GBP", "CloseDate": date(2026, 6, 30)}
    return {"Id": DEAL, "IsDeleted": False, **stamps, **money}


def _table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    whole = [{"is_purged": False, **row} for row in rows]
    return pa.Table.from_pylist(whole, schema)
