"""SOQL text to a Query: SELECT, FROM, WHERE, ORDER BY, LIMIT, OFFSET.

Left out on purpose: GROUP BY, aggregates other than COUNT(), sub-queries and TYPEOF, which an extraction has no use
for and Bulk API 2.0 refuses; they are MALFORMED_QUERY here.
"""

from __future__ import annotations

from sandbox.vendors.salesforce.errors import SalesforceError
from sandbox.vendors.salesforce.soql_syntax import Comparison, Condition, Junction, Negation, Order, Path, Query, Value
from sandbox.vendors.salesforce.soql_tokens import Token, at_column, tokens_of, value_of

_COMPARISONS = {"=", "!=", "<>", "<", "<=", ">", ">="}
_CLAUSES = {"WHERE", "ORDER", "LIMIT", "OFFSET", "ALL"}


def parse(soql: str) -> Query:
    """Parse a query. Raises SalesforceError MALFORMED_QUERY, saying where."""
    return _Parser(soql).query()


class _Parser:
    def __init__(self, soql: str) -> None:
        self._soql = soql
        self._tokens = tokens_of(soql)
        self._next = 0

    def query(self) -> Query:
        self._expect("SELECT")
        select = self._select()
        self._expect("FROM")
        object_name = self._name()
        where = self._condition() if self._accept("WHERE") else None
        order_by = self._order_by() if self._accept("ORDER") else ()
        limit = self._whole_number() if self._accept("LIMIT") else None
        offset = self._whole_number() if self._accept("OFFSET") else 0
        if self._accept("ALL"):
            self._expect("ROWS")
        if self._peek().kind != "end":
            raise self._unexpected()
        return Query(select, object_name, where, order_by, limit, offset)

    def _select(self) -> tuple[Path, ...]:
        if self._peek().word == "COUNT" and self._tokens[self._next + 1].text == "(":
            self._next += 2
            self._sign(")")
            return ()
        paths = [self._path()]
        while self._accept_sign(","):
            paths.append(self._path())
        if len({tuple(part.upper() for part in path) for path in paths}) < len(paths):
            raise at_column(self._soql, 1, "duplicate field selected")
        return tuple(paths)

    def _condition(self) -> Condition:
        """AND and OR may not be mixed without parentheses, as in SOQL."""
        first = self._term()
        operator = self._peek().word
        if operator not in {"AND", "OR"}:
            return first
        parts = [first]
        while self._accept(operator):
            parts.append(self._term())
        if self._peek().word in {"AND", "OR"}:
            raise self._unexpected()
        return Junction(operator, tuple(parts))

    def _term(self) -> Condition:
        if self._accept("NOT"):
            return Negation(self._term())
        if self._accept_sign("("):
            condition = self._condition()
            self._sign(")")
            return condition
        path, sign = self._path(), self._peek().text
        if self._peek().kind == "sign" and sign in _COMPARISONS:
            self._next += 1
            return Comparison(path, "!=" if sign == "<>" else sign, (self._value(),))
        if self._accept("LIKE"):
            return Comparison(path, "LIKE", (self._value(),))
        if self._accept("NOT"):
            self._expect("IN")
            return Comparison(path, "NOT IN", self._values())
        self._expect("IN")
        return Comparison(path, "IN", self._values())

    def _values(self) -> tuple[Value, ...]:
        self._sign("(")
        values = [self._value()]
        while self._accept_sign(","):
            values.append(self._value())
        self._sign(")")
        return tuple(values)

    def _value(self) -> Value:
        try:
            value = value_of(self._peek())
        except ValueError as error:
            raise self._unexpected() from error
        self._next += 1
        return value

    def _order_by(self) -> tuple[Order, ...]:
        self._expect("BY")
        orders = [self._order()]
        while self._accept_sign(","):
            orders.append(self._order())
        return tuple(orders)

    def _order(self) -> Order:
        path = self._path()
        is_descending = self._accept("DESC")
        if not is_descending:
            self._accept("ASC")
        is_nulls_last = False
        if self._accept("NULLS"):
            is_nulls_last = self._accept("LAST")
            if not is_nulls_last:
                self._expect("FIRST")
        return Order(path, is_descending, is_nulls_last)

    def _path(self) -> Path:
        token = self._peek()
        if token.kind != "name" or token.word in {"FROM", *_CLAUSES}:
            raise self._unexpected()
        self._next += 1
        return tuple(token.text.split("."))

    def _name(self) -> str:
        if "." in self._peek().text:
            raise self._unexpected()
        return self._path()[0]

    def _whole_number(self) -> int:
        token = self._peek()
        if token.kind != "number" or not token.text.isdigit():
            raise self._unexpected()
        self._next += 1
        return int(token.text)

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _accept(self, word: str) -> bool:
        if self._peek().word != word:
            return False
        self._next += 1
        return True

    def _accept_sign(self, sign: str) -> bool:
        if self._peek().text != sign or self._peek().kind != "sign":
            return False
        self._next += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._unexpected()

    def _sign(self, sign: str) -> None:
        if not self._accept_sign(sign):
            raise self._unexpected()

    def _unexpected(self) -> SalesforceError:
        token = self._peek()
        return at_column(self._soql, token.column, f"unexpected token: '{token.text}'")
