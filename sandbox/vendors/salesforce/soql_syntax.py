"""A parsed SOQL query, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Path = tuple[str, ...]
Value = str | Decimal | bool | date | datetime | None


@dataclass(frozen=True)
class Comparison:
    """``path operator value``; operators =, !=, <, <=, >, >=, LIKE take one value, IN and NOT IN several."""

    path: Path
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Junction:
    """Conditions joined by one of AND and OR."""

    operator: str
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Negation:
    """NOT condition."""

    part: Condition


Condition = Comparison | Junction | Negation


@dataclass(frozen=True)
class Order:
    """One key of ORDER BY; nulls come first unless told otherwise."""

    path: Path
    is_descending: bool = False
    is_nulls_last: bool = False


@dataclass(frozen=True)
class Query:
    """A query; ``select`` is empty for ``SELECT COUNT()``."""

    select: tuple[Path, ...]
    object_name: str
    where: Condition | None = None
    order_by: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0

    @property
    def is_count(self) -> bool:
        """Whether only the number of rows is asked for."""
        return not self.select
