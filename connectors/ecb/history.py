"""``eurofxref-hist.zip`` → rates: a pure function.

One CSV with a row a day, newest first, a column a currency, a trailing comma, and ``N/A`` where a currency was not yet,
or no longer, quoted.
"""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import pyarrow as pa

from connectors.ecb.streams import INVERSE_RATE, RATE, RATES, SOURCE
from connectors.errors import IncompleteResponse

ABSENT = ("", "N/A", "-")
_INVERSE_STEP = Decimal(1).scaleb(-INVERSE_RATE.scale)
_EXACT = Context(prec=50, rounding=ROUND_HALF_UP)


def parse_history(archive: bytes, first_year: int = 1999) -> pa.Table:
    """Landed columns, oldest day first, from ``first_year`` on. Raises IncompleteResponse for anything but rates."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
            [name] = zipped.namelist()
            lines = list(csv.reader(io.StringIO(zipped.read(name).decode("utf-8-sig"))))
        header = [cell.strip() for cell in lines[0]]
        if header[0] != "Date" or len(header) < 3:
            raise ValueError(name)
        days = [line for line in lines[1:] if line and line[0][:4] >= str(first_year)]
        return _table(header, days)
    except (zipfile.BadZipFile, ValueError, IndexError, InvalidOperation, pa.ArrowInvalid) as error:
        raise IncompleteResponse(
            "The file is not a history of rates", source=SOURCE, cause=type(error).__name__
        ) from None


def inverse(rate: Decimal) -> Decimal:
    """Euros per unit to 18 places, half away from zero. Raises ValueError unless the rate is positive and finite."""
    if not rate.is_finite() or rate <= 0:
        raise ValueError("a rate must be positive")
    return _EXACT.divide(Decimal(1), rate).quantize(_INVERSE_STEP, ROUND_HALF_UP, _EXACT)


def _table(header: list[str], lines: list[list[str]]) -> pa.Table:
    dates, currencies, texts = [], [], []
    for line in sorted(lines):
        for currency, cell in zip(header[1:], line[1:], strict=False):
            text = cell.strip()
            if currency and text not in ABSENT:
                dates.append(line[0])
                currencies.append(currency)
                texts.append(text)
    inverses = {text: inverse(Decimal(text)) for text in dict.fromkeys(texts)}
    return pa.table(
        [
            pa.array(dates, pa.string()).cast(pa.date32()),
            pa.array(currencies, pa.string()),
            pa.array(texts, pa.string()).cast(RATE),
            pa.array([inverses[text] for text in texts], INVERSE_RATE),
        ],
        schema=RATES.schema,
    )
