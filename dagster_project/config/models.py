"""The configuration as frozen models: what head office may say, and all of it together."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.accounts import Connection, GoogleAnalyticsConnection, RollUp
from dagster_project.config.base import Model
from dagster_project.config.benchmarks import BenchmarkFigure
from dagster_project.config.campaign_codes import CampaignCodes
from dagster_project.config.experiments import Experiment
from dagster_project.config.kpis import Kpi
from dagster_project.config.locales import AttributionModel, DatedStage, HandOver, LocaleConfig, OpportunityStage
from dagster_project.config.money import BudgetRate, FixedRate, Fx
from dagster_project.config.notifications import Notifications
from dagster_project.config.targets import Target
from dagster_project.config.values import Currency

Stage = Literal["session", "first_identifier", "second_identifier", "mql", "sql", "sale"]
DealKind = Literal["new", "expansion", "renewal"]
RevenueType = Literal["recurring", "one_off"]
LookbackDays = Annotated[int, Field(ge=1, le=730)]


class Project(Model):
    """`project.yml`: what holds for every country."""

    name: str = Field(min_length=1)
    mode: Literal["sandbox", "live"]
    reporting_currency: Currency
    further_reporting_currencies: tuple[Currency, ...] = ()
    fx: Fx = Fx()
    fiscal_year_start_month: int = Field(ge=1, le=12)
    attribution_lookback_days: LookbackDays
    attribution_half_life_days: Decimal = Field(default=Decimal(7), gt=0, le=730, max_digits=6, decimal_places=3)
    attribution_models: tuple[AttributionModel, ...] = Field(default=get_args(AttributionModel), min_length=1)
    restatement_days: int = Field(ge=1, le=30)
    hand_over: HandOver = HandOver(response_hours=24, forgotten_after_days=14)
    benchmark_minimum: int = Field(default=30, ge=1, le=1_000_000)
    sandbox_scale: float = Field(default=1.0, gt=0, le=1)
    sandbox_incidents: bool = False


class StageName(Model):
    """A funnel stage as reports show it."""

    stage: Stage
    name: str
    description: str = ""


class Stages(Model):
    """`stages.yml`: the funnel's names and the CRM stage maps that countries share."""

    stages: tuple[StageName, ...]
    second_identifier_campaign_types: tuple[str, ...] = Field(min_length=1)
    opportunity_stages: dict[str, dict[str, OpportunityStage]]
    deal_kinds: dict[str, dict[str, DealKind]] = Field(default_factory=dict)
    revenue_types: dict[str, dict[str, RevenueType]] = Field(default_factory=dict)


class BusinessLine(Model):
    """A head-office business line and what belongs to it. Order in the file is the order of the rules."""

    business_line: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    hosts: tuple[str, ...] = ()
    paths: tuple[Annotated[str, Field(pattern=r"^/\S+$")], ...] = ()
    crm_values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    attribution_lookback_days: LookbackDays | None = None
    campaign_code: str | None = Field(default=None, min_length=1)
    """How the `business_line` part of a campaign code names it."""

    @field_validator("business_line")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value in ("unmapped", "all"):
            raise PydanticCustomError("not_allowed", "any name but `unmapped` and `all`, which reports use themselves")
        return value


class BusinessLines(Model):
    """`business_lines.yml`."""

    business_lines: tuple[BusinessLine, ...] = Field(min_length=1)


class Config(Model):
    """Everything head office and the countries have said, checked as a whole."""

    project: Project
    connections: dict[str, Connection]
    stages: Stages
    business_lines: tuple[BusinessLine, ...]
    kpis: tuple[Kpi, ...]
    campaign_codes: CampaignCodes
    locales: dict[str, LocaleConfig]
    budget_rates: tuple[BudgetRate, ...]
    fixed_rates: tuple[FixedRate, ...]
    targets: tuple[tuple[str, int, Target], ...]
    """(file, line, target)."""
    notifications: Notifications = Notifications()
    benchmarks: tuple[tuple[str, int, BenchmarkFigure], ...] = ()
    """(file, line, figure)."""
    experiments: tuple[Experiment, ...] = ()

    @property
    def rollup(self) -> tuple[str, RollUp] | None:
        """Head office's roll-up property, with the name of the connection it is on."""
        for name, account in self.connections.items():
            if isinstance(account, GoogleAnalyticsConnection) and account.rollup:
                return name, account.rollup
        return None

    @property
    def fixed_from(self) -> dict[str, date]:
        """The currencies that were given up for the euro, and since when."""
        return {rate.currency: rate.fixed_from for rate in self.fixed_rates}

    def opportunity_stages(self, locale: LocaleConfig) -> dict[str, OpportunityStage]:
        """The locale's own map of opportunity stages, else its connection's."""
        return locale.crm.opportunity_stages or self.stages.opportunity_stages.get(locale.crm.connection, {})

    def attribution_models(self, locale: LocaleConfig) -> tuple[AttributionModel, ...]:
        """The models of attribution that the locale's reports offer: its own choice, else head office's list."""
        return locale.attribution_models or self.project.attribution_models

    def stage_dates(self, connection: str) -> dict[DatedStage, str]:
        """The fields in which a CRM org notes when stages were entered: all its locales name the same ones."""
        mine = [locale.crm for locale in self.locales.values() if locale.crm.connection == connection]
        return {stage: field for crm in mine for stage, field in crm.stage_dates.items()}

    def hand_over(self, locale: LocaleConfig) -> HandOver:
        """What the locale has agreed with its sales, else what holds for every country."""
        return locale.crm.hand_over or self.project.hand_over

    def second_identifier_types(self, locale: LocaleConfig) -> tuple[str, ...]:
        """Campaign types whose first response is a second identifier in this locale."""
        return locale.crm.second_identifier_campaign_types or self.stages.second_identifier_campaign_types
