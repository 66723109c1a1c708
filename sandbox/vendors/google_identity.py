"""Google's side of a service account: the key it was given, the tokens it gets for it, the scopes it asked for.

Signatures are verified with the account's public key (RS256). The assertion's lifetime is checked for length only:
clients stamp it with their own wall clock, which the sandbox's calendar knows nothing of.
"""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import parse_qs

from sandbox.faults import Action
from sandbox.vendors.assertions import SigningKey
from sandbox.vendors.meters import Meter
from sandbox.vendors.web import Reply, Request, json_reply

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ANALYTICS_SCOPES = frozenset(
    {"https://www.googleapis.com/auth/analytics.readonly", "https://www.googleapis.com/auth/analytics"}
)
AUDIENCE = "https://analyticsdata.googleapis.com/"
# What google-auth writes into an assertion, whatever the key file's token_uri is.
TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
MAX_LIFETIME_SECONDS = 3600


class ServiceAccount:
    """A service account with a key generated at start-up; knows which bearer tokens may read GA4 reports."""

    def __init__(self, email: str = "trechter@noordlicht-sandbox.iam.gserviceaccount.example") -> None:
        self.email = email
        self._key = SigningKey()
        self._lock = threading.Lock()
        self._tokens: dict[str, frozenset[str]] = {}
        self._issued = 0

    def key_file(self, token_uri: str) -> dict[str, str]:
        """The JSON key file Google would hand out, its ``token_uri`` on loopback."""
        return {
            "type": "service_account",
            "project_id": "noordlicht-sandbox",
            "private_key_id": "sandbox",
            "private_key": self._key.pem,
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "token_uri": token_uri,
            "universe_domain": "googleapis.com",
        }

    def claims(self, assertion: str) -> dict[str, Any] | None:
        """The claims of a JWT of this account, or None when its form, signature, issuer or lifetime is wrong."""
        claims = self._key.claims(assertion)
        try:
            lifetime = int(claims["exp"]) - int(claims["iat"]) if claims else 0
        except (ValueError, KeyError, TypeError):
            return None
        is_ours = claims is not None and claims.get("iss") == self.email
        return claims if is_ours and 0 < lifetime <= MAX_LIFETIME_SECONDS else None

    def issue(self, scopes: frozenset[str]) -> str:
        """A new access token for these scopes."""
        with self._lock:
            self._issued += 1
            token = f"ya29.sandbox-{self._issued:06d}"
            self._tokens[token] = scopes
        return token

    def expire_tokens(self) -> None:
        """No token issued so far is good any more."""
        with self._lock:
            self._tokens = {}

    def may_read_analytics(self, token: str) -> bool:
        """Whether a bearer token opens the Data API: one issued here, or a JWT the account signed itself."""
        with self._lock:
            if token in self._tokens:
                return bool(self._tokens[token] & ANALYTICS_SCOPES)
        claims = self.claims(token)
        if claims is None:
            return False
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not (claims.get("aud") == AUDIENCE or scopes & ANALYTICS_SCOPES):
            return False
        with self._lock:
            self._tokens[token] = ANALYTICS_SCOPES
        return True


def token_endpoint(account: ServiceAccount, meter: Meter, request: Request, token_uri: str) -> Reply:
    """``POST /token``: a signed assertion for an access token. Errors are OAuth's, as an object."""
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    if form.get("grant_type") != JWT_BEARER:
        return _refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    claims = account.claims(form.get("assertion", ""))
    if claims is None or claims.get("aud") not in {TOKEN_AUDIENCE, token_uri}:
        return _refused("invalid_grant", "Invalid JWT Signature.")
    scopes = frozenset(str(claims.get("scope", "")).split())
    if not scopes:
        return _refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    meter.add("logins")
    token = account.issue(scopes)
    return json_reply({"access_token": token, "expires_in": MAX_LIFETIME_SECONDS - 1, "token_type": "Bearer"})


def token_error(action: Action, status: int) -> Reply:
    """An error of the token endpoint that a fault asks for."""
    return _refused(action.code or "invalid_grant", action.message or "", status)


def _refused(error: str, description: str, status: int = 400) -> Reply:
    return json_reply({"error": error, "error_description": description}, status)
