"""The three ways into an org, all through simple-salesforce's login."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import requests
from jwt.exceptions import PyJWTError
from simple_salesforce.api import Salesforce

from connectors.errors import ConfigurationError
from connectors.salesforce.stream_specs import SOURCE
from connectors.specs import SalesforceConnection


def log_in(connection: SalesforceConnection, session: requests.Session) -> Salesforce:
    """A logged-in client. Raises ConfigurationError when what is configured fits no login, or is refused."""
    options: dict[str, Any] = {
        "version": connection.api_version,
        "session": session,
        "parse_float": Decimal,
        "object_pairs_hook": None,
    }
    try:
        return Salesforce(**_credentials(connection), **options)
    except (PyJWTError, ValueError) as error:
        # The message could quote the key.
        raise _refused(connection, "The private key cannot sign a login", type(error).__name__) from None


def _credentials(connection: SalesforceConnection) -> dict[str, Any]:
    if connection.private_key:
        if not connection.username:
            raise _refused(connection, "A login by private key needs the user's name", None)
        # "aud" is the general login host; the token is fetched, and the org reached, at its own domain.
        return {
            "username": connection.username,
            "consumer_key": connection.consumer_key,
            "privatekey": connection.private_key,
            "domain": "test" if ".sandbox." in f"{connection.domain}." else "login",
            "instance_url": connection.domain,
        }
    if not (connection.username and connection.password):
        return {
            "consumer_key": connection.consumer_key,
            "consumer_secret": connection.consumer_secret,
            "domain": connection.domain,
        }
    named = {"username": connection.username, "domain": connection.domain}
    token = connection.security_token or ""
    if connection.consumer_key and connection.consumer_secret:
        # "Append the security token to the password": help.salesforce.com, OAuth 2.0 username-password flow.
        keys = {"consumer_key": connection.consumer_key, "consumer_secret": connection.consumer_secret}
        return {**named, **keys, "password": connection.password + token}
    return {**named, "password": connection.password, "security_token": token}


def _refused(connection: SalesforceConnection, message: str, cause: str | None) -> ConfigurationError:
    return ConfigurationError(
        message,
        source=SOURCE,
        scope=connection.name,
        cause=cause,
        next_step="Check the user name and the private key (PEM) of the connection.",
    )
