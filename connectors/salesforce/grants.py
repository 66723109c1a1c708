"""What a login was granted: who we are in the org, and that it is no more than we need."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import requests

from connectors.errors import ConfigurationError
from connectors.salesforce.stream_specs import SOURCE

TOO_MUCH = frozenset({"full"})
"""Scope ``full`` gives whoever holds the token all the user may do, the setup pages included; ``api`` is enough."""

SOAP_USER = re.compile(rb"<userId>(\w{15,18})</userId>")
LOGIN_PATHS = ("/services/oauth2/token", "/services/Soap/")


def granted_user(response: requests.Response, connection: str) -> str | None:
    """The Id of the user that a login's good answer is for; None for any other answer.

    Raises ConfigurationError when the connected app hands out more than it should (PR-14).
    """
    if not urlsplit(response.url or "").path.startswith(LOGIN_PATHS):
        return None
    try:
        grant: Any = json.loads(response.content)
    except ValueError:
        found = SOAP_USER.search(response.content)
        return found[1].decode() if found else None
    if not isinstance(grant, dict):
        return None
    excess = TOO_MUCH & set(str(grant.get("scope", "")).split())
    if excess:
        raise ConfigurationError(
            f"The connected app grants the scope {', '.join(sorted(excess))}, which is more than reading needs",
            source=SOURCE,
            scope=connection,
            next_step="Give the connected app the scope `api` only, then run again.",
        )
    # "id": https://login.salesforce.com/id/<organisation>/<user>
    return str(grant.get("id", "")).rpartition("/")[2] or None
