"""The ways a session can begin: host, page, channel, source, medium, campaign; one list a market and quarter."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sandbox.company.locales import SENSORS_HOST, Locale
from sandbox.company.tagging import tagged

# Path prefixes by language; the last part is what a visitor reads there.
_SECTIONS = {
    "nl": ("/automatisering", "/sensoren", "/diensten"),
    "de": ("/automatisierung", "/sensoren", "/dienstleistungen"),
    "fr": ("/automatisation", "/capteurs", "/services"),
    "en": ("/automation", "/sensors", "/services"),
    "sv": ("/automation", "/sensorer", "/tjanster"),
    "pl": ("/automatyka", "/czujniki", "/uslugi"),
    "ja": ("/automation", "/sensors", "/services"),
    "pt": ("/automacao", "/sensores", "/servicos"),
    "da": ("/automation", "/sensorer", "/services"),
}
_LINES = ("AUT", "SEN", "SRV")
_COMPANY_WIDE = "ALL"
_TOPICS = (("", "/robot-cells", "/plc"), ("", "/vibration", "/pressure/px-40"), ("", "/maintenance"))
_SECTION_SHARES = (0.34, 0.30, 0.16)
_OTHER_PAGES = (("/", 0.30), ("/careers", 0.05), ("/news", 0.05), ("/sensors-news", 0.02), ("(not set)", 0.03))

# channel, source, medium, share of sessions, whether a campaign of ours stands behind it
_ENTRANCES: tuple[tuple[str, str, str, float, bool], ...] = (
    ("Organic Search", "google", "organic", 0.34, False),
    ("Organic Search", "bing", "organic", 0.05, False),
    ("Direct", "(direct)", "(none)", 0.20, False),
    ("Paid Search", "google", "cpc", 0.15, True),
    ("Paid Social", "linkedin", "paid-social", 0.05, True),
    ("Email", "newsletter", "email", 0.08, True),
    ("Organic Social", "linkedin.com", "referral", 0.05, False),
    ("Referral", "machinemarkt.example", "referral", 0.04, False),
    ("Display", "dv360", "display", 0.03, True),
    ("Unassigned", "(not set)", "(not set)", 0.01, False),
)
_PLAIN_CAMPAIGNS = {"organic": "(organic)", "(none)": "(direct)", "referral": "(referral)", "(not set)": "(not set)"}
_CAMPAIGN_CODES = {"cpc": "SEA", "paid-social": "SOC", "email": "EML", "display": "DSP"}
_NUMBERS = (1, 2, 3)
# Brazil tags its newsletters in its own language, which no rule of Google's knows: (market, channel) → what is shown.
_OWN_WORDS = {("br", "Email"): ("Unassigned", "informativo", "boletim")}
PAID_CHANNELS = frozenset({"Paid Search", "Paid Social", "Display"})
ROWS = 58


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`rows[i]` is (host, landing page, channel, source, medium, campaign) with `shares[i]` of the sessions."""

    rows: list[tuple[str, str, str, str, str, str]]
    shares: NDArray[np.float64]


def quarter_label(day: date) -> str:
    """The quarter as campaign codes write it: 2026Q1."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def _pages(locale: Locale) -> list[tuple[str, str, str, float]]:
    """Host, path, business line as campaign codes write it, share of sessions."""
    host = locale.hosts[0]
    pages = [(host, path, _COMPANY_WIDE, share) for path, share in _OTHER_PAGES]
    sections = zip(_SECTIONS[locale.language], _TOPICS, _LINES, _SECTION_SHARES, strict=True)
    for section, topics, line, share in sections:
        pages += [(host, section + topic, line, share / len(topics)) for topic in topics]
    if SENSORS_HOST in locale.hosts:
        pages.append((SENSORS_HOST, "/", "SEN", 0.06))
    return pages


def campaign_codes(locale: Locale, quarter: str) -> list[str]:
    """The codes of all campaigns that a market's links may be of in a quarter."""
    lines = (*_LINES, _COMPANY_WIDE)
    return [
        _campaign_code(locale, quarter, kind, line, number)
        for kind in _CAMPAIGN_CODES.values()
        for line in lines
        for number in _NUMBERS
    ]


def _campaign_code(locale: Locale, quarter: str, kind: str, line: str, number: int) -> str:
    return f"{locale.crm_value}-{quarter}-{kind}-{line}-{number:02d}"


def catalogue(locale: Locale, quarter: str, rng: np.random.Generator, tagging: np.random.Generator) -> Catalogue:
    """The entrances of one market in one quarter: the likeliest page × channel pairs, with that quarter's codes, as
    people tag them."""
    rows, shares = [], []
    for host, page, line, page_share in _pages(locale):
        for channel, source, medium, share, has_campaign in _ENTRANCES:
            campaign = _PLAIN_CAMPAIGNS.get(medium, "(not set)")
            if has_campaign:
                number = _NUMBERS[int(rng.integers(0, 3))]
                campaign = tagged(_campaign_code(locale, quarter, _CAMPAIGN_CODES[medium], line, number), tagging)
            shown = _OWN_WORDS.get((locale.code, channel), (channel, source, medium))
            rows.append((host, page, *shown, campaign))
            shares.append(page_share * share * rng.lognormal(0.0, 0.35))
    kept = np.sort(np.argsort(shares)[::-1][:ROWS])
    weights = np.array(shares)[kept]
    return Catalogue([rows[index] for index in kept], weights / weights.sum())
