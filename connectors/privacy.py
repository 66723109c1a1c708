"""Pseudonyms: what may identify a person becomes an HMAC before anything is written (SEMANTICS, Identity)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import ConfigurationError

MINIMUM_SECRET_BYTES = 16
BLOCK_BYTES = 64
"""Of SHA-256; longer secrets are hashed first."""


class Pseudonymiser:
    """Keys people by HMAC-SHA256 (hex, 64 characters) under a secret that is not in the warehouse.

    A plain hash of an e-mail address can be reversed with a dictionary of addresses; a keyed one cannot.
    Raises ConfigurationError for a secret shorter than 16 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MINIMUM_SECRET_BYTES:
            raise ConfigurationError(
                f"The identity secret has fewer than {MINIMUM_SECRET_BYTES} bytes", source="privacy"
            )
        # RFC 2104's two pads, hashed once: to copy them costs half of what a whole HMAC does for each key.
        block = (hashlib.sha256(secret).digest() if len(secret) > BLOCK_BYTES else secret).ljust(BLOCK_BYTES, b"\x00")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def __repr__(self) -> str:
        return "Pseudonymiser(secret=…)"

    def _key(self, text: str) -> str | None:
        if not text:
            return None
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.hexdigest()

    def email_key(self, email: str) -> str | None:
        """Key of the trimmed, NFKC-normalised, casefolded address; None when nothing is left."""
        return self._key(normalise_email(email))

    def visitor_key(self, visitor: str) -> str | None:
        """Key of the trimmed client id; None when nothing is left."""
        return self._key(visitor.strip())

    def email_keys(self, emails: pa.ChunkedArray) -> pa.ChunkedArray:
        """``email_key`` of each value of a string column (nulls stay null)."""
        return map_distinct(emails, self.email_key)

    def visitor_keys(self, visitors: pa.ChunkedArray) -> pa.ChunkedArray:
        """``visitor_key`` of each value of a string column (nulls stay null)."""
        return map_distinct(visitors, self.visitor_key)


def normalise_email(email: str) -> str:
    """Trimmed, NFKC, casefolded; stable under repetition (casefolding can leave NFKC, so it is normalised again)."""
    if email.isascii():  # nothing to normalise, and lower case is all that folding does
        return email.lower().strip()
    folded = unicodedata.normalize("NFKC", email).casefold()
    return unicodedata.normalize("NFKC", folded).strip()


def map_distinct(column: pa.ChunkedArray, function: Callable[[str], str | None]) -> pa.ChunkedArray:
    """Apply ``function`` once to each distinct value of a string column."""
    encoded = column.dictionary_encode().unify_dictionaries().combine_chunks()
    mapped = pa.array(map(function, encoded.dictionary.to_pylist()), pa.string())
    return pa.chunked_array([mapped.take(encoded.indices)])


def strip_queries(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    """Paths without query and fragment, which may carry an address (``?email=``)."""
    return pc.replace_substring_regex(urls, pattern=r"[?#].*$", replacement="")
