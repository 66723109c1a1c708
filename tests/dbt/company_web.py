"""What the miniature company's sites have seen: as many rows of every day, whose sums are known by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from tests.dbt.company import GO_LIVE, LOCALES, Row, Rows, merged


def days() -> Iterable[date]:
    """Every day from go-live to the as-of date."""
    return (GO_LIVE + timedelta(days=offset) for offset in range((date(2026, 3, 9) - GO_LIVE).days + 1))


def session_rows(locale: str, day: date, count: int) -> list[Row]:
    """``count`` landed tuples of a day: pages of two business lines and an unmapped one, taking turns."""
    pages = ("/sensors/probe", "/services", "/careers", "/sensorsale")
    return [
        {
            "date": day,
            "host_name": f"{locale}.noordlicht.example",
            "landing_page": pages[number % len(pages)],
            "session_default_channel_group": "Organic Search",
            "session_source": "google",
            "session_medium": "organic",
            "session_campaign_name": f"campaign-{number}",
            "sessions": 10 + number,
            "engaged_sessions": 5,
            "user_engagement_duration": 600,
            "screen_page_views": 30,
            "key_events": 0.5,
            "_scope": locale,
        }
        for number in range(count)
    ]


def content_rows(locale: str, day: date) -> list[Row]:
    """Two pages a day: one of a business line, one of none."""
    return [
        {
            "date": day,
            "host_name": f"{locale}.noordlicht.example",
            "page_path": page,
            "screen_page_views": views,
            "user_engagement_duration": 30 * views,
            "key_events": 0.5,
            "_scope": locale,
        }
        for page, views in (("/sensors/probe", 20), ("/contact", 4))
    ]


def visitor_rows(locale: str, day: date) -> Rows:
    """Forty visitors of each variant; of every five, one of the long form asks for a quote, and two of the short."""
    shown, done = [], []
    for number in range(80):
        is_short, who = (
            number >= 40,
            {
                "date": day,
                "date_hour_minute": f"{day:%Y%m%d}1015",
                "visitor_key": f"{locale}-visitor-{number}",
                "event_count": 1,
                "_scope": locale,
            },
        )
        shown.append({**who, "variant_value": "NOR-short" if is_short else "NOR-long"})
        if number % 5 <= is_short:
            done.append({**who, "event_name": "quote_request", "key_events": 1.0})
    return {"landing.ga4__exposures": shown, "landing.ga4__visitor_events": done}


def session_window(locale: str, day: date, rows: int, content_hash: str) -> Row:
    """The manifest's row of a landed day."""
    return {
        "source": "ga4",
        "stream": "sessions",
        "scope": locale,
        "window_start": day.isoformat(),
        "window_end": (day + timedelta(days=1)).isoformat(),
        "state": "provisional" if day >= date(2026, 3, 7) else "final",
        "rows": rows,
        "content_hash": content_hash,
    }


def web() -> Rows:
    """Three tuples a (locale, day), and their windows."""
    landed = [(code, day) for code, *_ in LOCALES for day in days()]
    return {
        "landing.ga4__sessions": [row for code, day in landed for row in session_rows(code, day, 4)],
        "landing.ga4__content": [row for code, day in landed for row in content_rows(code, day)],
        **merged(*(visitor_rows(code, date(2026, 2, 3)) for code in ("nl", "us"))),
        "landing.windows": [
            {**session_window(code, day, rows, f"{code}-{day}-first"), "stream": stream}
            for stream, rows in (("sessions", 4), ("content", 2))
            for code, day in landed
        ]
        + [
            {"source": "salesforce", "stream": "lead", "scope": code, "rows": 1, "metadata": "{}"}
            for code, *_ in LOCALES
        ],
    }
