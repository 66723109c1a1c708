"""``eurofxref-daily.xml`` → the rates of one day: a pure function.

Two kilobytes instead of the history's hundreds: all that is needed where only the newest day is missing.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

import pyarrow as pa

from connectors.ecb.history import inverse
from connectors.ecb.streams import RATES, SOURCE
from connectors.errors import IncompleteResponse

# Its form has not changed in twenty years, and no parser of XML is as harmless as none.
_DAY = re.compile(r"""<Cube\s+time=["'](\d{4}-\d\d-\d\d)["']\s*>""")
_RATE = re.compile(r"""<Cube\s+currency=["']([A-Z]{3})["']\s+rate=["']([0-9.]+)["']\s*/>""")
_CURRENCY = re.compile(r"\bcurrency\s*=")
_END = "</gesmes:Envelope>"


def parse_daily(document: bytes) -> pa.Table:
    """The landed rows of the one day. Raises IncompleteResponse for anything but a day's rates."""
    try:
        text = document.decode("utf-8-sig")
        [day] = _DAY.findall(text)
        rates = {currency: Decimal(rate) for currency, rate in _RATE.findall(text)}
        if not text.rstrip().endswith(_END) or not rates or len(rates) != len(_CURRENCY.findall(text)):
            raise ValueError(day)
        rows = [
            {
                "rate_date": date.fromisoformat(day),
                "currency": currency,
                "rate": rate,
                "inverse_rate": inverse(rate),
            }
            for currency, rate in rates.items()
        ]
        return pa.Table.from_pylist(rows, RATES.schema)
    except (ValueError, InvalidOperation, pa.ArrowInvalid) as error:
        raise IncompleteResponse("The file is not a day's rates", source=SOURCE, cause=type(error).__name__) from None


def follows(day: date, last: date) -> bool:
    """Whether no day with rates can lie between two days: only Saturdays and Sundays do."""
    between = (last + timedelta(days=number) for number in range(1, (day - last).days))
    return day > last and all(one.weekday() > 4 for one in between)
