"""SOQL to tokens: names, strings, numbers, dates, instants and signs, each with its place for error messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from sandbox.vendors.salesforce.errors import SalesforceError, malformed
from sandbox.vendors.salesforce.soql_syntax import Value

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<datetime>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2}))
    | (?P<date>\d{4}-\d{2}-\d{2})(?![\dT])
    | (?P<number>[+-]?\d+(?:\.\d+)?)
    | (?P<string>'(?:[^'\\]|\\.)*')
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE | re.DOTALL,
)
# https://developer.salesforce.com, SOQL: "Quoted String Escape Sequences"; \% and \_ keep their backslash for LIKE.
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True)
class Token:
    """A token; ``kind`` is a group of the pattern above, or ``end``."""

    kind: str
    text: str
    column: int

    @property
    def word(self) -> str:
        """A name's text in capitals, for keywords; empty for everything else."""
        return self.text.upper() if self.kind == "name" else ""


def tokens_of(soql: str) -> list[Token]:
    """All tokens, and one of kind ``end``. Raises SalesforceError MALFORMED_QUERY for an unknown character."""
    tokens: list[Token] = []
    position = 0
    while soql[position:].strip():
        match = _TOKEN.match(soql, position)
        if match is None:
            start = position + len(soql[position:]) - len(soql[position:].lstrip())
            what = soql[start]
            is_bind = what == ":" and tokens and tokens[-1].kind == "sign"
            message = "Bind variables only allowed in Apex code" if is_bind else f"unexpected token: '{what}'"
            raise at_column(soql, start + 1, message)
        kind = match.lastgroup or ""
        tokens.append(Token(kind, match[kind], match.start(kind) + 1))
        position = match.end()
    return [*tokens, Token("end", "<EOF>", len(soql) + 1)]


def at_column(soql: str, column: int, message: str) -> SalesforceError:
    """The parse error as an org words it: the query, a caret and the place."""
    return malformed(f"\n{soql}\n{' ' * (column - 1)}^\nERROR at Row:1:Column:{column}\n{message}")


def value_of(token: Token) -> Value:
    """A literal's value. Raises ValueError for a token that is none, or a date that does not exist."""
    if token.kind == "string":
        return re.sub(r"\\(.)", _unescaped, token.text[1:-1], flags=re.DOTALL)
    if token.kind == "number":
        return Decimal(token.text)
    if token.kind == "date":
        return date.fromisoformat(token.text)
    if token.kind == "datetime":
        return datetime.fromisoformat(token.text).astimezone(UTC)
    if token.word in {"TRUE", "FALSE"}:
        return token.word == "TRUE"
    if token.word == "NULL":
        return None
    raise ValueError(f"{token.text} is not a literal")


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[0])
