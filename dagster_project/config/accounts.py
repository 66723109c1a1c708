"""The accounts of `connections.yml`. Secrets are named, never given: each is the value of an environment variable."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.values import Currency, Email, EnvironmentName, PropertyId, SalesforceName, TimeZone

Login = Literal["client_credentials", "private_key", "password"]

_PURPOSES = {
    "consumer_key": "the connected app's consumer key",
    "consumer_secret": "the connected app's consumer secret",
    "username": "the integration user's name",
    "private_key": "the private key (PEM) whose certificate the connected app has",
    "password": "the integration user's password",
    "security_token": "the integration user's security token",
}
_NEEDED: dict[Login, tuple[str, ...]] = {
    "client_credentials": ("consumer_key", "consumer_secret"),
    "private_key": ("consumer_key", "username", "private_key"),
    "password": ("username", "password"),
}
# From trusted addresses no token is asked for, and without a connected app the login goes by SOAP.
_USED_IF_SET: dict[Login, tuple[str, ...]] = {"password": ("security_token", "consumer_key", "consumer_secret")}


@dataclass(frozen=True)
class Secret:
    """A secret an account uses: the environment variable that holds it, and what for."""

    variable: str
    purpose: str
    is_needed: bool = True


class RollUp(Model):
    """Head office's roll-up property, which counts a visitor of several countries once: users in total come from it."""

    property: PropertyId
    time_zone: TimeZone
    currency: Currency
    owner: Email
    go_live: date


class GoogleAnalyticsConnection(Model):
    """A Google service account that may read the properties of the locales that name this connection."""

    kind: Literal["ga4"]
    credentials_env: EnvironmentName
    client_id_dimension: str = Field(pattern=r"^customUser:[A-Za-z0-9_]+$")
    variant_dimension: str = Field(
        default="customEvent:exp_variant_string", pattern=r"^custom(Event|User):[A-Za-z0-9_]+$"
    )
    """What says which variant of an experiment a visitor was shown."""
    transport: Literal["grpc", "rest"] = "grpc"
    """`rest` for networks whose proxies do not let gRPC through."""
    rollup: RollUp | None = None

    def secrets(self, _name: str) -> dict[str, Secret]:
        """What the login needs, by its part in it."""
        return {"credentials": Secret(self.credentials_env, "the service account's JSON key")}


class SalesforceFields(Model):
    """API names of the org's own fields."""

    locale: SalesforceName
    business_line: SalesforceName
    client_id: SalesforceName


class SalesforceConnection(Model):
    """One Salesforce org, and how we log in to it.

    `daily_calls_share` of the org's API calls of 24 hours, whoever made them, is where we stop; `sweep_days` is how
    often every Id is compared, to find records that are gone without a word. `corporate_currency` accepts that the
    org's has changed; `without` names fields (`Lead.Country`) that it no longer has; `unreported` are values of the
    market field that no locale claims, and need not: markets head office knows of and does not report.
    """

    kind: Literal["salesforce"]
    domain: str = Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$")
    api_version: str = Field(pattern=r"^\d\d\.0$")
    login: Login = "client_credentials"
    consumer_key_env: EnvironmentName | None = None
    consumer_secret_env: EnvironmentName | None = None
    username_env: EnvironmentName | None = None
    private_key_env: EnvironmentName | None = None
    password_env: EnvironmentName | None = None
    security_token_env: EnvironmentName | None = None
    currency: Currency | None = None
    daily_calls_share: float = Field(default=0.8, gt=0, le=0.9)
    sweep_days: int = Field(default=7, ge=1, le=30)
    corporate_currency: Currency | None = None
    without: tuple[Annotated[str, Field(pattern=r"^\w+\.\w+$")], ...] = ()
    unreported: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    fields: SalesforceFields

    @model_validator(mode="after")
    def _names_what_its_login_uses(self) -> "SalesforceConnection":
        used = {*_NEEDED[self.login], *_USED_IF_SET.get(self.login, ())}
        unused = sorted(f"{part}_env" for part in _PURPOSES if part not in used and self._named(part))
        if unused:
            raise PydanticCustomError(
                "not_allowed",
                "{unused} only with another login than {login} (one of {logins})",
                {"unused": ", ".join(unused), "login": self.login, "logins": ", ".join(get_args(Login))},
            )
        return self

    def secrets(self, name: str) -> dict[str, Secret]:
        """What the login uses, by its part in it. A variable the file does not name has the connection's name:
        `SALESFORCE_GLOBAL_PASSWORD` is the password of `salesforce_global`."""
        needed = _NEEDED[self.login]
        return {
            part: Secret(self._named(part) or _conventional(name, part), _PURPOSES[part], part in needed)
            for part in (*needed, *_USED_IF_SET.get(self.login, ()))
        }

    def _named(self, part: str) -> str | None:
        named: str | None = getattr(self, f"{part}_env")
        return named


class EcbConnection(Model):
    """Where the European Central Bank publishes its reference rates."""

    kind: Literal["ecb"]
    url: str = Field(pattern=r"^https://\S+\.zip$")

    def secrets(self, _name: str) -> dict[str, Secret]:
        """None: the rates are public."""
        return {}


Connection = Annotated[GoogleAnalyticsConnection | SalesforceConnection | EcbConnection, Field(discriminator="kind")]


def _conventional(name: str, part: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", f"{name}_{part}".upper())
