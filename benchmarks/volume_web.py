"""Made-up web reports as SQL: rows drawn from hashes of their numbers, the same whenever they are asked for again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ORIGINS = (
    ("Organic Search", "google", "organic"),
    ("Organic Search", "bing", "organic"),
    ("Paid Search", "google", "cpc"),
    ("Paid Search", "bing", "cpc"),
    ("Direct", "(direct)", "(none)"),
    ("Email", "newsletter", "email"),
    ("Organic Social", "linkedin.com", "social"),
    ("Paid Social", "linkedin.com", "paid_social"),
    ("Referral", "trade-journal.example", "referral"),
    ("Display", "banners.example", "display"),
    ("Organic Video", "youtube.com", "video"),
    ("Unassigned", "fair", "stand"),
)
PAGES = 40


@dataclass(frozen=True)
class Size:
    """Rows a year, of all countries together."""

    sessions: int = 3_400_000
    touchpoints: int = 1_700_000
    leads: int = 340_000


def queries(size: Size, country: tuple[str, int, int], days: tuple[date, date], until: date) -> dict[str, str]:
    """A query for each report, for days [first, end) of a country (code, number, how many there are), as of `until`."""
    (locale, number, locales), (first, end), leads = country, days, size.leads
    a_day = size.sessions // 365 // locales
    visits_of_leads = leads * 6 // 10 * 4
    strangers = (size.touchpoints - visits_of_leads) // 365 // locales
    each_day = f"SELECT unnest(generate_series(DATE '{first}', DATE '{end}' - 1, INTERVAL 1 DAY))::DATE AS date"
    origins = ", ".join(f"({n}, '{c}', '{s}', '{m}')" for n, (c, s, m) in enumerate(ORIGINS))
    common = f"""
        WITH days AS ({each_day}),
        origins (n, session_default_channel_group, session_source, session_medium) AS (VALUES {origins})"""
    page = "CASE {n} % 4 WHEN 0 THEN '/sensors' WHEN 1 THEN '/services' WHEN 2 THEN '/automation' ELSE '/news' END"
    landing = page.format(n="page") + " || '/' || page"
    # A campaign is run in one channel and for a quarter; whoever comes by themselves comes by none.
    campaign = """CASE WHEN session_medium IN ('(none)', 'organic', 'referral') THEN '(not set)'
        ELSE session_source || '-' || year(date) || 'q' || quarter(date) || '-' || ({choice}) END"""
    restated = f"CASE WHEN date >= DATE '{until}' - 3 THEN hash(j, date, DATE '{until}') % 3 ELSE 0 END"
    return {
        "sessions": f"""{common}
            SELECT date, '{locale}.noordlicht.example' AS host_name, {landing} AS landing_page, origins.* EXCLUDE (n),
                {campaign.format(choice=f"j // {PAGES * len(ORIGINS)}")} AS session_campaign_name,
                (1 + hash(j, date, {number}) % 40 + {restated})::BIGINT AS sessions,
                1::BIGINT AS engaged_sessions, 60::BIGINT AS user_engagement_duration, 3::BIGINT AS screen_page_views,
                0.5::DOUBLE AS key_events
            FROM days CROSS JOIN (SELECT range AS j, range % {PAGES} AS page FROM range({a_day})) AS tuples
            JOIN origins ON origins.n = (j // {PAGES}) % {len(ORIGINS)}
            ORDER BY date, j""",
        "content": f"""{common}
            SELECT date, '{locale}.noordlicht.example' AS host_name, {landing} AS page_path,
                (5 + hash(page, date) % 50)::BIGINT AS screen_page_views, 300::BIGINT AS user_engagement_duration,
                1.0::DOUBLE AS key_events
            FROM days CROSS JOIN (SELECT range AS page FROM range({PAGES})) AS pages ORDER BY date, page""",
        "touchpoints": f"""{common},
        of_leads AS (
            SELECT created_at::DATE + (hash(i, k) % 60)::INTEGER - 40 AS date, md5('visitor ' || i) AS visitor_key,
                hash(i, k, 1) AS h
            FROM (
                SELECT range * {locales} + {number} AS i,
                    {created(leads, "range * " + str(locales) + " + " + str(number))} AS created_at
                FROM range(
                    greatest(0, {lead_number(leads, locales, first, -25)}), {lead_number(leads, locales, end, 45)}
                )
            ) CROSS JOIN (SELECT range AS k FROM range(4))
            WHERE hash(i, 'consent') % 10 < 6
        ),
        visits AS (
            SELECT * FROM of_leads WHERE date >= DATE '{first}' AND date < DATE '{end}'
            UNION ALL
            SELECT date, md5('stranger {locale} ' || (hash(date, j) % {max(strangers * 300, 1)})), hash(date, j, 2)
            FROM days CROSS JOIN (SELECT range AS j FROM range({strangers}))
        )
            SELECT date, visitor_key, origins.* EXCLUDE (n),
                {campaign.format(choice="h // 7 % 4")} AS session_campaign_name,
                strftime(date, '%Y%m%d') || lpad((7 + h % 14)::VARCHAR, 2, '0') || lpad((h // 17 % 60)::VARCHAR, 2, '0')
                    AS date_hour_minute,
                {page.format(n="(h // 11 % 40)")} || '/' || (h // 11 % {PAGES}) AS landing_page,
                1::BIGINT AS sessions
            FROM visits JOIN origins ON origins.n = h // 3 % {len(ORIGINS)}
            ORDER BY date, visitor_key, h""",
    }


EPOCH = date(2020, 1, 1)
"""Leads are numbered from here at an even rate, whichever years are asked for."""


def created(leads_a_year: int, lead: str) -> str:
    """The instant at which a lead is made, by its number."""
    apart = 31_536_000_000_000 // leads_a_year
    return f"TIMESTAMPTZ '{EPOCH} 00:00:00+00' + to_microseconds((({lead}) * {apart})::BIGINT)"


def lead_number(leads_a_year: int, locales: int, day: date, shift: int) -> int:
    """About the first of a country's leads, counted by country, that is made `shift` days after a day."""
    return ((day - EPOCH).days + shift) * leads_a_year // 365 // locales


def rates(days: Sequence[date], units_per_euro: Mapping[str, Decimal]) -> str:
    """The same rate on each day, of every currency."""
    dates = ", ".join(f"(DATE '{day}')" for day in days)
    values = ", ".join(
        f"('{currency}', {rate}::DECIMAL(18, 6), {(1 / rate).quantize(Decimal(10) ** -18)}::DECIMAL(20, 18))"
        for currency, rate in units_per_euro.items()
    )
    return f"""
        SELECT rate_date, currency, rate, inverse_rate
        FROM (VALUES {dates}) AS d (rate_date) CROSS JOIN (VALUES {values}) AS c (currency, rate, inverse_rate)
        ORDER BY ALL"""
