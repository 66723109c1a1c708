"""What Google Analytics is asked about: each locale's property, and head office's roll-up property if it has one."""

from dataclasses import dataclass, replace
from datetime import date

from connectors.ga4.experiment_streams import EXPERIMENT_STREAMS
from connectors.ga4.streams import SESSIONS, STREAMS, USERS, GA4Stream
from connectors.specs import LocaleSpec
from dagster_project.config import Config, LocaleConfig
from dagster_project.config.accounts import RollUp
from dagster_project.config.cross_checks import TOTAL
from dagster_project.lib.session import locale_spec


@dataclass(frozen=True)
class WebScope:
    """A property, the reports taken of it, and the landed scope (`code`) they go to."""

    code: str
    name: str
    connection: str
    owner: str
    go_live: date
    closed: date | None
    spec: LocaleSpec
    streams: tuple[GA4Stream, ...]

    @property
    def daily_stream(self) -> GA4Stream:
        """The report that tells how far this scope's days reach."""
        return SESSIONS if SESSIONS in self.streams else next(one for one in self.streams if one.grain == "day")


def web_scopes(config: Config) -> dict[str, WebScope]:
    """All scopes by their code: the locales in their order, then the total."""
    days = config.project.restatement_days
    scopes = [web_scope(locale, days, experiment_days(config, locale)) for locale in config.locales.values()]
    if config.rollup:
        scopes.append(_total(*config.rollup, days))
    return {scope.code: scope for scope in scopes}


def experiment_days(config: Config, locale: LocaleConfig) -> tuple[tuple[date, date], ...]:
    """First and last days of the experiments a locale takes part in, with the days after them that count."""
    return tuple((one.start, one.last_day) for one in config.experiments if locale.locale in one.locales)


def web_scope(locale: LocaleConfig, restatement_days: int, experiments: tuple[tuple[date, date], ...] = ()) -> WebScope:
    """A locale's scope. Where experiments run their reports are taken too, and only for their days."""
    return WebScope(
        locale.locale,
        locale.name,
        locale.web.connection,
        locale.owner,
        locale.go_live,
        locale.closed,
        locale_spec(locale, restatement_days),
        (*STREAMS, *(replace(stream, only=experiments) for stream in EXPERIMENT_STREAMS if experiments)),
    )


def _total(connection: str, rollup: RollUp, restatement_days: int) -> WebScope:
    """Only users: all else of the countries adds up to the total by itself."""
    spec = LocaleSpec(TOTAL, rollup.time_zone, rollup.currency, rollup.property, "", (), restatement_days)
    return WebScope(TOTAL, "all countries", connection, rollup.owner, rollup.go_live, None, spec, USERS)
