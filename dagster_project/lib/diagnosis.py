"""What `trechter doctor` looks at: secrets by name, and whether each account answers for each country."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.ecb.refresh import check as check_rates
from connectors.errors import ConnectorError
from dagster_project.config import Config
from dagster_project.config.models import EcbConnection, GoogleAnalyticsConnection, SalesforceConnection
from dagster_project.lib.builds import current_build
from dagster_project.lib.session import Session
from dagster_project.settings import IDENTITY_KEY, Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, whether it is well, and if not what to do."""

    subject: str
    is_well: bool
    says: str


def needed_secrets(config: Config) -> dict[str, str]:
    """Environment variables this configuration needs, and what each is for."""
    needed = {IDENTITY_KEY: "the secret that turns e-mail addresses into keys; choose one, keep it, never change it"}
    for name, account in config.connections.items():
        if isinstance(account, GoogleAnalyticsConnection):
            needed[account.credentials_env] = f"{name}: the service account's JSON key"
        elif isinstance(account, SalesforceConnection):
            needed[account.consumer_key_env] = f"{name}: the connected app's consumer key"
            needed[account.consumer_secret_env] = f"{name}: the connected app's consumer secret"
    return needed


def examine_secrets(settings: Settings, config: Config) -> Iterator[Finding]:
    """One finding a secret: there or missing. Values are never looked at, let alone shown."""
    for name, purpose in needed_secrets(config).items():
        if settings.secrets.get(name):
            yield Finding(name, True, "set")
        else:
            yield Finding(name, False, f"missing from the environment ({purpose})")


def examine_accounts(session: Session) -> Iterator[Finding]:
    """One finding an account: each GA4 property, each Salesforce org, the rates."""
    for code, locale in session.config.locales.items():
        client = session.ga4_client(locale.web.connection)
        yield _asked(f"ga4 {code}", lambda client=client, locale=locale: client.check_streams(locale.web.property))  # type: ignore[misc]
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


def _asked(subject: str, ask: Callable[[], None]) -> Finding:
    try:
        ask()
    except ConnectorError as error:
        return Finding(subject, False, str(error))
    return Finding(subject, True, "answers")
