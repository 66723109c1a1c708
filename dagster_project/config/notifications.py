"""`notifications.yml`: who is told of signals, and by what way. Secrets are named, never given."""

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.accounts import Secret
from dagster_project.config.base import Model
from dagster_project.config.values import Email, EnvironmentName

SignalKind = Literal[
    "kpi_deviation", "missing_follow_up", "late_follow_up", "tracking_coverage", "lead_quality", "uncoded_spend"
]
SIGNAL_KINDS: tuple[str, ...] = get_args(SignalKind)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Smtp(Model):
    """The mail server. `starttls` is what port 587 speaks, `tls` what 465 does; `none` is for this machine alone."""

    host: str = Field(min_length=1, pattern=r"^\S+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Email
    username_env: EnvironmentName | None = None
    password_env: EnvironmentName | None = None

    @model_validator(mode="after")
    def _is_safe(self) -> "Smtp":
        if self.security == "none" and self.host not in LOOPBACK:
            raise PydanticCustomError("not_allowed", "security: starttls or tls, for a server that is not this machine")
        if (self.username_env is None) != (self.password_env is None):
            raise PydanticCustomError("not_allowed", "both username_env and password_env, or neither")
        return self


class Destination(Model):
    """Somebody who is told: by e-mail (`owner` is whoever owns the signal) or in a chat, of all signals or some."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    email: Literal["owner"] | Email | None = None
    webhook_env: EnvironmentName | None = None
    kinds: Annotated[tuple[SignalKind, ...], Field(min_length=1)] = get_args(SignalKind)
    locales: Annotated[tuple[str, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _has_one_way(self) -> "Destination":
        if (self.email is None) == (self.webhook_env is None):
            raise PydanticCustomError("not_allowed", "either email or webhook_env")
        return self


class Notifications(Model):
    """`notifications.yml`; without the file nobody is told."""

    smtp: Smtp | None = None
    destinations: tuple[Destination, ...] = ()

    def secrets(self) -> dict[str, Secret]:
        """What sending uses, by the variable that holds it."""
        found = {}
        for one in self.destinations:
            if one.webhook_env:
                found[one.webhook_env] = Secret(one.webhook_env, f"the address of {one.name}'s webhook")
        if self.smtp and self.smtp.username_env and self.smtp.password_env:
            found[self.smtp.username_env] = Secret(self.smtp.username_env, "the mail server's user name")
            found[self.smtp.password_env] = Secret(self.smtp.password_env, "the mail server's password")
        return found
