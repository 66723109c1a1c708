"""An org's logins: one connected app and one integration user, by each of the flows that need no browser.

Client credentials; JWT bearer, signed with the key whose certificate the app knows; user name and password with the
security token appended. A JWT's expiry is not looked at: clients stamp it with their own wall clock.
"""

from __future__ import annotations

import base64
import binascii
import secrets
import threading
from datetime import datetime
from urllib.parse import parse_qs

from sandbox.company.locales import Org
from sandbox.faults import Action
from sandbox.vendors.assertions import SigningKey
from sandbox.vendors.google_identity import JWT_BEARER
from sandbox.vendors.salesforce import soap
from sandbox.vendors.salesforce.ids import made_up
from sandbox.vendors.web import Reply, Request, json_reply


class ConnectedApp:
    """One app's key and secret, and the sessions it has open."""

    def __init__(self, org: Org, consumer_key: str, consumer_secret: str, key: SigningKey) -> None:
        self.org = org
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self.key = key
        self.username = f"integration@{org.name}.noordlicht.example"
        self.password, self.security_token = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._issued = 0

    def secrets(self) -> dict[str, str]:
        """What the three flows need, by the end of its environment variable's name."""
        return {
            "CONSUMER_KEY": self.consumer_key,
            "CONSUMER_SECRET": self.consumer_secret,
            "USERNAME": self.username,
            "PASSWORD": self.password,
            "SECURITY_TOKEN": self.security_token,
            "PRIVATE_KEY": self.key.pem,
        }

    def is_session(self, authorization: str | None) -> bool:
        """Whether an Authorization header carries an open session."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme in {"Bearer", "OAuth"} and token in self._sessions

    def end_sessions(self) -> None:
        """Expire every session, as an administrator can."""
        with self._lock:
            self._sessions = set()

    def token(self, request: Request, now: datetime) -> Reply:
        """``POST /services/oauth2/token``. Errors are OAuth's: an object, unlike the API's array."""
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        grant = form.get("grant_type")
        if grant == JWT_BEARER:
            return self._granted(now) if self._is_ours(form) else _refused("invalid_grant", "invalid assertion")
        if grant not in {"client_credentials", "password"}:
            return _refused("unsupported_grant_type", "grant type not supported")
        key, secret = _credentials(request, form)
        if key != self.consumer_key:
            return _refused("invalid_client_id", "client identifier invalid")
        if secret != self.consumer_secret:
            return _refused("invalid_client", "invalid client credentials")
        if grant == "password" and not self._knows(form.get("username", ""), form.get("password", "")):
            return _refused("invalid_grant", "authentication failure")
        return self._granted(now)

    def soap_login(self, request: Request, now: datetime) -> Reply:
        """``POST /services/Soap/u/<version>``: a user's login; no app is involved."""
        if not self._knows(*soap.credentials(request.body)):
            return soap.refused()
        return soap.granted(self._session(now), self._instance, request.parts["version"], self.org.org_id)

    def _is_ours(self, form: dict[str, str]) -> bool:
        claims = self.key.claims(form.get("assertion", "")) or {}
        audience = claims.get("aud") in {self._instance, "https://login.salesforce.com"}
        return audience and claims.get("iss") == self.consumer_key and claims.get("sub") == self.username

    def _knows(self, username: str, password: str) -> bool:
        return username == self.username and password == self.password + self.security_token

    @property
    def _instance(self) -> str:
        return f"https://{self.org.domain}.salesforce.com"

    def _session(self, now: datetime) -> str:
        with self._lock:
            self._issued += 1
            token = f"{self.org.org_id[:15]}!AQ{self._issued:06d}.sandbox{now:%Y%m%d}"
            self._sessions = self._sessions | {token}
        return token

    def _granted(self, now: datetime) -> Reply:
        return json_reply(
            {
                "access_token": self._session(now),
                "signature": "c2FuZGJveA==",
                "scope": "api",
                "instance_url": self._instance,
                "id": f"https://login.salesforce.com/id/{self.org.org_id}/{made_up('005', 1)}",
                "token_type": "Bearer",
                "issued_at": str(int(now.timestamp() * 1000)),
                "api_instance_url": self._instance,
            }
        )


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        key, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return key, secret


def token_error(action: Action, status: int) -> Reply:
    """An error of the token endpoint that a fault asks for."""
    return _refused(action.code or "invalid_grant", action.message or "authentication failure", status)


def _refused(error: str, description: str, status: int = 400) -> Reply:
    return json_reply({"error": error, "error_description": description}, status)
