"""Signed assertions (JWT, RS256): the key somebody was given, and what a token signed with it claims."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class SigningKey:
    """An RSA key, generated when it is made; its private half goes to whoever signs with it."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def pem(self) -> str:
        """The private half, PKCS 8."""
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return self._key.private_bytes(encoding, form, serialization.NoEncryption()).decode()

    def claims(self, assertion: str) -> dict[str, Any] | None:
        """What an assertion claims, or None when its form or signature is wrong. Its times are not looked at."""
        try:
            header, payload, signature = assertion.split(".")
            if json.loads(_unbase64(header))["alg"] != "RS256":
                return None
            signed = f"{header}.{payload}".encode()
            self._key.public_key().verify(_unbase64(signature), signed, padding.PKCS1v15(), hashes.SHA256())
            claims: dict[str, Any] = json.loads(_unbase64(payload))
        except (InvalidSignature, ValueError, KeyError, TypeError, binascii.Error):
            return None
        return claims


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
