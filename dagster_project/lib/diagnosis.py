"""What `trechter doctor` looks at: secrets by name, and whether each account answers for each country."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import duckdb

from connectors.ecb.refresh import check as check_rates
from connectors.errors import ConnectorError
from dagster_project.config import Config
from dagster_project.config.accounts import EcbConnection, SalesforceConnection, Secret
from dagster_project.lib.builds import current_build
from dagster_project.lib.missing_rates import missing_rates
from dagster_project.lib.session import Session
from dagster_project.lib.web_scopes import web_scopes
from dagster_project.settings import IDENTITY_KEY, Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, whether it is well, and if not what to do."""

    subject: str
    is_well: bool
    says: str


def secrets_of(config: Config) -> Iterator[Secret]:
    """The secrets this configuration uses, and what each is for."""
    yield Secret(IDENTITY_KEY, "the secret that turns e-mail addresses into keys; choose one, keep it, never change it")
    for name, account in config.connections.items():
        for secret in account.secrets(name).values():
            yield replace(secret, purpose=f"{name}: {secret.purpose}")
    # In the sandbox nothing is sent; and a refresh is not to be stopped by what telling of it needs.
    for secret in config.notifications.secrets().values():
        yield replace(secret, purpose=f"signals: {secret.purpose}", is_needed=config.project.mode == "live")


def examine_secrets(settings: Settings, config: Config) -> Iterator[Finding]:
    """One finding a secret: there, missing, or in a file others can read. No value is ever shown."""
    for secret in secrets_of(config):
        try:
            is_set = settings.has(secret.variable)
        except ConnectorError as error:
            yield Finding(secret.variable, False, str(error))
            continue
        if is_set or not secret.is_needed:
            yield Finding(secret.variable, True, "set" if is_set else f"not set, nor needed ({secret.purpose})")
        else:
            yield Finding(secret.variable, False, f"missing from the environment ({secret.purpose})")


def examine_accounts(session: Session) -> Iterator[Finding]:
    """One finding an account: each GA4 property, each Salesforce org, the rates."""
    for code, scope in web_scopes(session.config).items():
        check = partial(session.ga4_client(scope.connection).check_streams, scope.spec.ga4_property, scope.streams)
        yield _asked(f"ga4 {code}", check)
    for name, account in session.config.connections.items():
        if isinstance(account, SalesforceConnection):
            yield _asked(name, session.salesforce_client(name).check)
        elif isinstance(account, EcbConnection):
            connection = session.ecb_connection(name)
            yield _asked(name, lambda connection=connection: check_rates(connection))  # type: ignore[misc]


def examine_builds(settings: Settings) -> Finding:
    """Whether there is a build to read."""
    build = current_build(settings.published)
    if build is None:
        return Finding(
            "published build", False, "none yet: run `trechter refresh`, or `trechter demo` for the sandbox company"
        )
    return Finding("published build", True, f"build {build.build_id}, as of {build.as_of_at}")


def examine_money(settings: Settings) -> Iterator[Finding]:
    """One finding a currency that the last build had no rate for; one that says so if it had all of them."""
    if not settings.warehouse.is_file():
        return
    try:
        missing = missing_rates(settings.warehouse)
    except duckdb.IOException:
        yield Finding("exchange rates", True, "not looked at: a build is being made")
        return
    for one in missing:
        yield Finding(f"exchange rates {one.currency}", False, str(one))
    if not missing:
        yield Finding("exchange rates", True, "all money of the last build has a rate")


def _asked(subject: str, ask: Callable[[], None]) -> Finding:
    try:
        ask()
    except ConnectorError as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, "answers")
