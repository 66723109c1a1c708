"""A made-up CRM as SQL: what every record is at an instant follows from the moments its lead goes through."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

import duckdb

from benchmarks.volume_web import created, lead_number

BY_LOCALE = (
    "lead",
    "lead_history",
    "contact",
    "account",
    "opportunity",
    "opportunity_history",
    "opportunity_contact_role",
    "opportunity_line_item",
    "campaign_member",
    "task",
)
SHARED = ("campaign", "product2")
CAMPAIGNS, PRODUCTS = 300, 10
STAGES = {"salesforce_global": ("Prospecting", "Qualification", "Closed Won")}
AMERICAN_STAGES = ("Discovery", "Accepted", "Won")


def make_people(
    database: duckdb.DuckDBPyConnection,
    first: date,
    until: date,
    leads_a_year: int,
    locales: Sequence[tuple[int, str, str, str, str]],
) -> None:
    """Fill table `people`: every lead made in [first, until), with the moments of its life, past and to come.

    `locales` are (number, code, CRM connection, the CRM's value, JSON of status by stage).
    """
    database.execute("CREATE OR REPLACE TABLE markets (n INT, locale VARCHAR, connection VARCHAR, value VARCHAR,"
                     " opened VARCHAR, mql VARCHAR, converted VARCHAR, disqualified VARCHAR)")  # fmt: skip
    for number, code, connection, value, statuses in locales:
        words = json.loads(statuses)
        database.execute(
            "INSERT INTO markets VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [number, code, connection, value, *(words[s] for s in ("open", "mql", "converted", "disqualified"))],
        )
    count = len(locales)
    database.execute(f"""
        CREATE OR REPLACE TABLE people AS
        WITH made AS (
            SELECT range AS i, {created(leads_a_year, "range")} AS created_at
            FROM range({lead_number(leads_a_year, 1, first, 0)}, {lead_number(leads_a_year, 1, until, 2)})
        ),
        qualified AS (
            SELECT *, CASE WHEN hash(i, 'mql') % 3 = 0 THEN created_at + to_minutes((hash(i, 1) % 28800)::BIGINT) END
                AS mql_at
            FROM made WHERE created_at < TIMESTAMPTZ '{until} 06:00:00+00'
        ),
        handed AS (
            SELECT *, CASE WHEN hash(i, 'sql') % 5 < 2 THEN mql_at + to_minutes((60 + hash(i, 2) % 43200)::BIGINT) END
                AS sql_at,
                CASE WHEN hash(i, 'sql') % 5 = 2 THEN mql_at + to_minutes((60 + hash(i, 3) % 43200)::BIGINT) END
                AS disqualified_at
            FROM qualified
        )
        SELECT handed.*, markets.*, CASE WHEN hash(i, 'won') % 9 < 4
            THEN sql_at + to_minutes((14400 + hash(i, 4) % 115200)::BIGINT) END AS won_at,
            md5('mail ' || CASE WHEN hash(i, 'twice') % 33 = 0 THEN i - {count} * 40 ELSE i END) AS email_key,
            CASE WHEN hash(i, 'consent') % 10 < 6 THEN md5('visitor ' || i) END AS visitor_key,
            CASE connection WHEN 'salesforce_global' THEN ['Automation', 'Sensors', 'Services'][1 + i % 3]
                ELSE ['AUT', 'SEN', 'SRV'][1 + i % 3] END AS business_line_value
        FROM handed JOIN markets ON markets.n = handed.i % {count}""")


def query(stream: str, scope: str, connection: str, start: datetime, end: datetime) -> str:
    """The records of a stream whose newest version at `end` was written in [start, end); columns as they land."""
    if stream in SHARED:
        return _shared(stream, end)
    bounds = f"TIMESTAMPTZ '{start.astimezone(UTC)}'", f"TIMESTAMPTZ '{end.astimezone(UTC)}'"
    opened, accepted, won = STAGES.get(connection, AMERICAN_STAGES)
    seen = f"""
        WITH seen AS (
            SELECT * REPLACE (
                CASE WHEN mql_at < {bounds[1]} THEN mql_at END AS mql_at,
                CASE WHEN sql_at < {bounds[1]} THEN sql_at END AS sql_at,
                CASE WHEN won_at < {bounds[1]} THEN won_at END AS won_at,
                CASE WHEN disqualified_at < {bounds[1]} THEN disqualified_at END AS disqualified_at
            ) FROM people WHERE locale = '{scope}' AND created_at < {bounds[1]}
        )"""
    body = {
        "lead": f"""SELECT {_id("00Q")}, created_at AS created_date,
            greatest(created_at, coalesce(mql_at, created_at), coalesce(sql_at, created_at),
                coalesce(disqualified_at, created_at)) AS system_modstamp,
            email_key, visitor_key, value AS locale_value, business_line_value, sql_at IS NOT NULL AS is_converted,
            CASE WHEN sql_at IS NOT NULL THEN converted WHEN disqualified_at IS NOT NULL THEN disqualified
                WHEN mql_at IS NOT NULL THEN mql ELSE opened END AS status,
            CASE WHEN sql_at IS NOT NULL THEN {_name("003")} END AS converted_contact_id,
            CASE WHEN sql_at IS NOT NULL THEN {_name("006")} END AS converted_opportunity_id FROM seen""",
        "lead_history": f"""
            SELECT {_id("017", "|| 'A'")}, mql_at AS created_date, mql_at AS system_modstamp, {_name("00Q")} AS lead_id,
                'status' AS field, opened AS old_value, mql AS new_value FROM seen WHERE mql_at IS NOT NULL
            UNION ALL SELECT {_id("017", "|| 'B'")}, sql_at, sql_at, {_name("00Q")}, 'status', mql, converted
            FROM seen WHERE sql_at IS NOT NULL
            UNION ALL SELECT {_id("017", "|| 'C'")}, disqualified_at, disqualified_at, {_name("00Q")}, 'status', mql,
                disqualified FROM seen WHERE disqualified_at IS NOT NULL""",
        "contact": f"""SELECT {_id("003")}, sql_at AS created_date, sql_at AS system_modstamp, email_key,
            value AS locale_value, {_name("001")} AS account_id FROM seen WHERE sql_at IS NOT NULL""",
        "account": f"""SELECT {_id("001")}, sql_at AS created_date, sql_at AS system_modstamp, value AS locale_value
            FROM seen WHERE sql_at IS NOT NULL""",
        "opportunity": f"""SELECT {_id("006")}, sql_at AS created_date, coalesce(won_at, sql_at) AS system_modstamp,
            {_name("001")} AS account_id, CASE WHEN won_at IS NOT NULL THEN '{won}' ELSE '{accepted}' END AS stage_name,
            (1000 + hash(i, 5) % 50000)::DECIMAL(18, 4) AS amount, 'EUR' AS currency_iso_code,
            coalesce(won_at, sql_at)::DATE AS close_date, value AS locale_value, business_line_value,
            won_at IS NOT NULL AS is_won, won_at IS NOT NULL AS is_closed FROM seen WHERE sql_at IS NOT NULL""",
        "opportunity_history": f"""
            SELECT {_id("008", "|| 'A'")}, sql_at AS created_date, sql_at AS system_modstamp,
                {_name("006")} AS opportunity_id, '{opened}' AS stage_name FROM seen WHERE sql_at IS NOT NULL
            UNION ALL SELECT {_id("008", "|| 'B'")}, sql_at + INTERVAL 1 MINUTE, sql_at + INTERVAL 1 MINUTE,
                {_name("006")}, '{accepted}' FROM seen WHERE sql_at IS NOT NULL
            UNION ALL SELECT {_id("008", "|| 'C'")}, won_at, won_at, {_name("006")}, '{won}'
            FROM seen WHERE won_at IS NOT NULL""",
        "opportunity_contact_role": f"""SELECT {_id("00K")}, sql_at AS created_date, sql_at AS system_modstamp,
            {_name("006")} AS opportunity_id, {_name("003")} AS contact_id, true AS is_primary
            FROM seen WHERE sql_at IS NOT NULL""",
        "opportunity_line_item": f"""SELECT {_id("00k", "|| k")}, sql_at AS created_date, sql_at AS system_modstamp,
            {_name("006")} AS opportunity_id, printf('01t%015d', (i + k) % {PRODUCTS}) AS product2_id,
            1::DECIMAL(18, 4) AS quantity, ((1000 + hash(i, 5) % 50000) / 2)::DECIMAL(18, 4) AS total_price,
            'EUR' AS currency_iso_code
            FROM seen CROSS JOIN (SELECT range AS k FROM range(2)) WHERE sql_at IS NOT NULL""",
        "campaign_member": f"""SELECT {_id("00v")}, created_at + INTERVAL 1 DAY AS created_date,
            created_at + INTERVAL 1 DAY AS system_modstamp, {_name("00Q")} AS lead_id,
            printf('701%015d', hash(i, 6) % {CAMPAIGNS}) AS campaign_id, true AS has_responded,
            (created_at + INTERVAL 1 DAY)::DATE AS first_responded_date
            FROM seen WHERE hash(i, 'responds') % 10 < 6 AND created_at + INTERVAL 1 DAY < {bounds[1]}""",
        "task": f"""SELECT {_id("00T")}, mql_at + INTERVAL 5 HOUR AS created_date,
            mql_at + INTERVAL 5 HOUR AS system_modstamp, {_name("00Q")} AS who_id, true AS is_closed
            FROM seen WHERE hash(i, 'called') % 10 < 7 AND mql_at + INTERVAL 5 HOUR < {bounds[1]}""",
    }[stream]
    return f"{seen} SELECT *, false AS is_deleted FROM ({body}) WHERE system_modstamp >= {bounds[0]}"


def _shared(stream: str, end: datetime) -> str:
    moment = f"TIMESTAMPTZ '{end.astimezone(UTC)}' - INTERVAL 1 YEAR"
    if stream == "campaign":
        types = "['Webinar', 'Event', 'Demo', 'Email', 'Content'][1 + range % 5]"
        return f"""SELECT printf('701%015d', range) AS id, false AS is_deleted, {moment} AS created_date,
            {moment} AS system_modstamp, 'campaign-' || range AS name, {types} AS type FROM range({CAMPAIGNS})"""
    return f"""SELECT printf('01t%015d', range) AS id, false AS is_deleted, {moment} AS created_date,
        {moment} AS system_modstamp, 'Product ' || range AS name,
        ['One-off', 'Recurring'][1 + range % 2] AS revenue_type FROM range({PRODUCTS})"""


def _name(prefix: str) -> str:
    return f"printf('{prefix}%015d', i)"


def _id(prefix: str, suffix: str = "") -> str:
    return f"{_name(prefix)} {suffix} AS id"
