"""An org's token endpoint: the client-credentials flow of one connected app.

The password and JWT flows need users and certificates the company does not have; they are refused as an org refuses
a user it does not know.
"""

from __future__ import annotations

import base64
import binascii
import threading
from datetime import datetime
from urllib.parse import parse_qs

from sandbox.company.locales import Org
from sandbox.vendors.salesforce.ids import made_up
from sandbox.vendors.web import Reply, Request, json_reply


class ConnectedApp:
    """One app's key and secret, and the sessions it has open."""

    def __init__(self, org: Org, consumer_key: str, consumer_secret: str) -> None:
        self.org = org
        self.consumer_key = consumer_key
        self.consumer_secret = consumer_secret
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._issued = 0

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
        if grant in {"password", "urn:ietf:params:oauth:grant-type:jwt-bearer"}:
            return _refused("invalid_grant", "authentication failure")
        if grant != "client_credentials":
            return _refused("unsupported_grant_type", "grant type not supported")
        key, secret = _credentials(request, form)
        if key != self.consumer_key:
            return _refused("invalid_client_id", "client identifier invalid")
        if secret != self.consumer_secret:
            return _refused("invalid_client", "invalid client credentials")
        return self._granted(now)

    def _granted(self, now: datetime) -> Reply:
        with self._lock:
            self._issued += 1
            token = f"{self.org.org_id[:15]}!AQ{self._issued:06d}.sandbox{now:%Y%m%d}"
            self._sessions = self._sessions | {token}
        instance = f"https://{self.org.domain}.salesforce.com"
        return json_reply(
            {
                "access_token": token,
                "signature": "c2FuZGJveA==",
                "scope": "api",
                "instance_url": instance,
                "id": f"https://login.salesforce.com/id/{self.org.org_id}/{made_up('005', 1)}",
                "token_type": "Bearer",
                "issued_at": str(int(now.timestamp() * 1000)),
                "api_instance_url": instance,
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


def _refused(error: str, description: str) -> Reply:
    return json_reply({"error": error, "error_description": description}, 400)
