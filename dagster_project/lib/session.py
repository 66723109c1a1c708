"""One piece of work's view of the world: configuration, clock, landing, and a client for each account.

Each is made when it is first used.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from connectors.ga4.error_log import FOLDER as QUOTA_FOLDER
from connectors.landing import Landing
from connectors.memory import keep_little
from connectors.privacy import Pseudonymiser
from connectors.specs import ECBConnection, GA4Connection, LocaleSpec, SalesforceConnection
from connectors.windows import RESTATEMENT_DAYS
from dagster_project.config import Config, LocaleConfig
from dagster_project.config.accounts import EcbConnection, GoogleAnalyticsConnection
from dagster_project.config.accounts import SalesforceConnection as SalesforceAccount
from dagster_project.config.locales import DatedStage
from dagster_project.lib.dbt_process import DbtProcess
from dagster_project.lib.single_writer import SingleWriter
from dagster_project.lib.vendors import Clock, advance_calendar, vendors
from dagster_project.settings import IDENTITY_KEY, Settings

if TYPE_CHECKING:
    # Vendors' libraries take a fifth of a second to load, and most work needs none of them.
    from connectors.ga4.client import GA4Client
    from connectors.salesforce.client import SalesforceClient

Progress = Callable[[str, str], None]
"""Called with (unit, what it is doing now)."""


class Session:
    """What an asset needs to do its work. Everything in it is shared by the assets of a process."""

    def __init__(
        self,
        settings: Settings,
        config: Config,
        clock: Clock,
        closing: ExitStack,
        progress: Progress | None = None,
        notice: Progress | None = None,
    ) -> None:
        """`closing` gives back what is needed to reach the vendors; clients are added to it as they are made. `notice`
        is told what a person should know while it lasts, such as a quota that is waited for."""
        self.settings = settings
        self.config = config
        self.clock = clock
        self.progress: Progress = progress or (lambda _unit, _doing: None)
        self.notice: Progress = notice or self.progress
        self._closing = closing
        self._ga4: dict[str, GA4Client] = {}
        self._salesforce: dict[str, SalesforceClient] = {}

    @cached_property
    def landing(self) -> Landing:
        return Landing(self.settings.landing, self.clock)

    @cached_property
    def pseudonymiser(self) -> Pseudonymiser:
        return Pseudonymiser(self.settings.secret(IDENTITY_KEY).encode())

    @cached_property
    def writer(self) -> SingleWriter:
        return SingleWriter(self.settings.warehouse)

    @cached_property
    def dbt(self) -> DbtProcess:
        return DbtProcess(self.settings)

    def ga4_client(self, name: str) -> "GA4Client":
        """The client of a Google Analytics connection."""
        from connectors.ga4.client import GA4Client

        if name not in self._ga4:
            account = self.config.connections[name]
            assert isinstance(account, GoogleAnalyticsConnection), "checked when the configuration was read"
            connection = GA4Connection(
                self.settings.login(account.secrets(name))["credentials"],
                self.settings.endpoints.get(name if account.transport == "grpc" else f"{name}_rest"),
                visitor_dimension=account.client_id_dimension,
                variant_dimension=account.variant_dimension,
                transport=account.transport,
            )
            client = GA4Client(connection, self.clock, state=self.settings.landing / QUOTA_FOLDER)
            self._ga4[name] = self._closing.enter_context(client)
        return self._ga4[name]

    def salesforce_client(self, name: str) -> "SalesforceClient":
        """The client of a Salesforce org."""
        from connectors.salesforce.client import SalesforceClient

        if name not in self._salesforce:
            self._salesforce[name] = SalesforceClient(self.salesforce_connection(name), self.clock)
        return self._salesforce[name]

    def salesforce_connection(self, name: str) -> SalesforceConnection:
        """A Salesforce org as its connector wants to be told about it."""
        account = self.config.connections[name]
        assert isinstance(account, SalesforceAccount), "checked when the configuration was read"
        login = self.settings.login(account.secrets(name))
        endpoint = self.settings.endpoints.get(name)
        return salesforce_connection(name, account, login, endpoint, self.config.stage_dates(name))

    def ecb_connection(self, name: str) -> ECBConnection:
        """Where the exchange rates come from."""
        account = self.config.connections[name]
        assert isinstance(account, EcbConnection), "checked when the configuration was read"
        return ECBConnection(self.settings.endpoints.get(name, account.url))

    def advance_calendar(self, days: int) -> None:
        """Let days pass in the sandbox company. Not for live projects, where they pass by themselves."""
        now = advance_calendar(self.settings, days)
        self.clock = lambda: now

    def release_vendors(self) -> None:
        """Give back connections, threads, and in sandbox mode the vendors' memory: a build needs none of them."""
        self._ga4.clear()
        self._salesforce.clear()
        self._closing.close()


@contextmanager
def open_session(
    settings: Settings, config: Config, progress: Progress | None = None, notice: Progress | None = None
) -> Iterator[Session]:
    """A session with its vendors reachable; in sandbox mode they are started, and stopped at the end."""
    keep_little()
    with ExitStack() as closing:
        reachable, clock = closing.enter_context(vendors(settings, config))
        session = Session(reachable, config, clock, closing, progress, notice)
        try:
            yield session
        finally:
            session.writer.release()
            session.dbt.drop()


def salesforce_connection(
    name: str,
    account: SalesforceAccount,
    login: Mapping[str, str] | None = None,
    endpoint: str | None = None,
    stage_dates: Mapping[DatedStage, str] | None = None,
) -> SalesforceConnection:
    """The connector's description of an org; without the login's secrets it serves to name the org's scopes."""
    dates = stage_dates or {}
    return SalesforceConnection(
        name=name,
        domain=account.domain,
        api_version=account.api_version,
        **{"consumer_key": "", "consumer_secret": "", **(login or {})},
        locale_field=account.fields.locale,
        business_line_field=account.fields.business_line,
        visitor_field=account.fields.client_id,
        mql_date_field=dates.get("mql"),
        sql_date_field=dates.get("sql"),
        currency=account.currency,
        endpoint=endpoint,
        daily_calls_share=account.daily_calls_share,
        sweep_days=account.sweep_days,
        corporate_currency=account.corporate_currency,
        without=account.without,
    )


def locale_spec(locale: LocaleConfig, restatement_days: int = RESTATEMENT_DAYS) -> LocaleSpec:
    """A locale as the connectors want to be told about it."""
    return LocaleSpec(
        code=locale.locale,
        time_zone=locale.time_zone,
        currency=locale.currency,
        ga4_property=locale.web.property,
        crm_connection=locale.crm.connection,
        crm_locale_values=locale.crm.values,
        restatement_days=restatement_days,
        hosts=locale.web.hosts,
    )
