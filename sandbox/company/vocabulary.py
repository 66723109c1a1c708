"""The words the CRM shows: lead statuses by market, opportunity stages and business lines by org.

The simulation speaks of meanings (`open`, `working`, `mql`, …); only what is rendered for a vendor uses these words.
`working` is a second word for `open`.
"""

LEAD_MEANINGS = ("open", "working", "mql", "recycled", "disqualified", "converted")

_DUTCH = ("Nieuw", "In behandeling", "Marketing gekwalificeerd", "Teruggelegd", "Afgewezen", "Omgezet")
_GERMAN = ("Neu", "In Bearbeitung", "Marketing-qualifiziert", "Zurückgestellt", "Abgelehnt", "Konvertiert")
_FRENCH = ("Nouveau", "En cours", "Qualifié marketing", "Remis en nurturing", "Rejeté", "Converti")
_ENGLISH = ("New", "Working", "Marketing Qualified", "Recycled", "Disqualified", "Converted")
_SWEDISH = ("Ny", "Pågår", "Marknadskvalificerad", "Återförd", "Diskvalificerad", "Konverterad")
_DANISH = ("Ny", "I gang", "Marketingkvalificeret", "Sendt retur", "Afvist", "Konverteret")
_POLISH = ("Nowy", "W toku", "Zakwalifikowany", "Zwrócony", "Odrzucony", "Przekształcony")
_JAPANESE = ("新規", "対応中", "マーケティング適格", "差し戻し", "対象外", "取引開始済み")
_AMERICAN = ("New", "Contacted", "MQL", "Nurture", "Unqualified", "Converted")

_WORDS = {
    "nl": _DUTCH, "be-nl": _DUTCH, "de": _GERMAN, "ch": _GERMAN, "be-fr": _FRENCH, "uk": _ENGLISH, "au": _ENGLISH,
    "se": _SWEDISH, "dk": _DANISH, "pl": _POLISH, "jp": _JAPANESE, "us": _AMERICAN, "br": _AMERICAN,
}  # fmt: skip

LEAD_STATUSES: dict[str, dict[str, str]] = {
    code: dict(zip(LEAD_MEANINGS, words, strict=True)) for code, words in _WORDS.items()
}

STAGES: dict[str, dict[str, str]] = {
    "global": {
        "open": "Prospecting",
        "qualification": "Qualification",
        "proposal": "Proposal",
        "negotiation": "Negotiation",
        "won": "Closed Won",
        "lost": "Closed Lost",
    },
    "americas": {
        "open": "Discovery",
        "qualification": "Accepted",
        "proposal": "Quote",
        "negotiation": "Quote",
        "won": "Won",
        "lost": "Lost",
    },
}

PROBABILITIES = {"open": 10, "qualification": 25, "proposal": 50, "negotiation": 75, "won": 100, "lost": 0}

# `robotics` is a value nobody maps; None is an empty field.
BUSINESS_LINES: dict[str, dict[str | None, str | None]] = {
    "global": {
        "automation": "Automation",
        "sensors": "Sensors",
        "services": "Services",
        "robotics": "Robotics",
        None: None,
    },
    "americas": {"automation": "AUT", "sensors": "SEN", "services": "SRV", "robotics": "ROB", None: None},
}
