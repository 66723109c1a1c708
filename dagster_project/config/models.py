"""The configuration as frozen models: what head office and each country may say, and nothing else."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.accounts import Connection, GoogleAnalyticsConnection, RollUp
from dagster_project.config.base import Model
from dagster_project.config.campaign_codes import check_grammar
from dagster_project.config.values import (
    Country,
    Currency,
    Email,
    Host,
    Language,
    LocaleCode,
    PropertyId,
    SalesforceName,
    TimeZone,
)

LeadStatus = Literal["open", "mql", "recycled", "disqualified", "converted"]
OpportunityStage = Literal["open", "sql", "sale", "lost"]
DatedStage = Literal["mql", "sql"]
Stage = Literal["session", "first_identifier", "second_identifier", "mql", "sql", "sale"]
Channel = Literal[
    "Paid Search", "Paid Social", "Paid Video", "Paid Shopping", "Display", "Cross-network", "Paid Other", "Audio",
    "Affiliates", "Email", "SMS", "Mobile Push Notifications", "Organic Search", "Organic Social", "Organic Video",
    "Organic Shopping", "Referral", "Direct",
]  # fmt: skip
"""The channels of Google's default channel group, which mean the same in every country."""
DealKind = Literal["new", "expansion", "renewal"]
RevenueType = Literal["recurring", "one_off"]
PeriodType = Literal["month", "quarter", "fiscal_year"]
AttributionModel = Literal[
    "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay", "w_shaped", "full_path",
    "markov", "shapley",
]  # fmt: skip
LookbackDays = Annotated[int, Field(ge=1, le=730)]


class HandOver(Model):
    """What marketing and sales have agreed on leads that are handed over: within how many hours sales is in touch, and
    after how many days without a word a lead counts as never followed up."""

    response_hours: int = Field(ge=1, le=24 * 90)
    forgotten_after_days: int = Field(ge=1, le=365)

    @model_validator(mode="after")
    def _is_forgotten_after_it_was_due(self) -> "HandOver":
        if self.forgotten_after_days * 24 < self.response_hours:
            raise PydanticCustomError("not_allowed", "forgotten_after_days no shorter than response_hours")
        return self


class Project(Model):
    """`project.yml`: what holds for every country."""

    name: str = Field(min_length=1)
    mode: Literal["sandbox", "live"]
    reporting_currency: Currency
    fiscal_year_start_month: int = Field(ge=1, le=12)
    attribution_lookback_days: LookbackDays
    attribution_half_life_days: Decimal = Field(default=Decimal(7), gt=0, le=730, max_digits=6, decimal_places=3)
    attribution_models: tuple[AttributionModel, ...] = Field(default=get_args(AttributionModel), min_length=1)
    restatement_days: int = Field(ge=1, le=30)
    hand_over: HandOver = HandOver(response_hours=24, forgotten_after_days=14)
    sandbox_scale: float = Field(default=1.0, gt=0, le=1)


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


class Kpi(Model):
    """A KPI of head office's catalogue. A rate names its numerator and denominator."""

    kpi: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    tier: Literal["head", "soft"]
    unit: Literal["count", "money", "rate"]
    direction: Literal["up", "down"]
    owner_role: str
    source: str
    description: str
    numerator: str | None = None
    denominator: str | None = None

    @model_validator(mode="after")
    def _rates_have_parts(self) -> "Kpi":
        has_parts = self.numerator is not None and self.denominator is not None
        if (self.unit == "rate") != has_parts:
            raise PydanticCustomError("not_allowed", "numerator and denominator for a rate, and only for a rate")
        return self


class Kpis(Model):
    """`kpis.yml`."""

    kpis: tuple[Kpi, ...]


class CampaignCodes(Model):
    """`campaign_codes.yml`: the grammar of campaign codes, whose named groups are their parts, proven by examples."""

    pattern: str
    examples: tuple[str, ...] = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _is_a_grammar(cls, value: str) -> str:
        check_grammar(value)
        return value

    @field_validator("examples")
    @classmethod
    def _follow_the_pattern(cls, values: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        pattern = info.data.get("pattern")
        if pattern is not None and not all(re.fullmatch(pattern, value) for value in values):
            raise PydanticCustomError("not_allowed", "codes that follow the pattern")
        return values


class ChannelRule(Model):
    """The channel of traffic that Google's default rules do not know, or put elsewhere: by source, medium and campaign,
    whatever their letters' case."""

    source: str | None = Field(default=None, min_length=1)
    medium: str | None = Field(default=None, min_length=1)
    campaign: str | None = Field(default=None, min_length=1)
    channel: Channel

    @model_validator(mode="after")
    def _asks_for_something(self) -> "ChannelRule":
        if self.source is None and self.medium is None and self.campaign is None:
            raise PydanticCustomError("not_allowed", "at least one of source, medium and campaign")
        return self


class LocaleWeb(Model):
    """The country's GA4 property, and the hosts that most of its visits are to."""

    connection: str
    property: PropertyId
    hosts: tuple[Host, ...] = ()
    channels: tuple[ChannelRule, ...] = ()
    """Before Google's rules, in this order."""


class LocaleCrm(Model):
    """The country's slice of a CRM org, and what its own words mean.

    `stage_dates` names date/time fields in which the org itself notes when a stage was entered: `mql` of a lead,
    `sql` of an opportunity.
    """

    connection: str
    values: tuple[str, ...] = Field(min_length=1)
    lead_statuses: dict[str, LeadStatus] = Field(min_length=1)
    opportunity_stages: dict[str, OpportunityStage] | None = None
    second_identifier_campaign_types: tuple[str, ...] | None = None
    stage_dates: dict[DatedStage, SalesforceName] = Field(default_factory=dict)
    hand_over: HandOver | None = None


class LocaleConfig(Model):
    """`locales/<code>.yml`: one country (or one language of it) that is run and reported as a unit."""

    locale: LocaleCode
    name: str
    country: Country
    language: Language
    time_zone: TimeZone
    currency: Currency
    owner: Email
    go_live: date
    closed: date | None = None
    web: LocaleWeb
    crm: LocaleCrm
    attribution_models: tuple[AttributionModel, ...] | None = Field(default=None, min_length=1)

    @field_validator("closed")
    @classmethod
    def _closes_after_it_opens(cls, closed: date | None, info: ValidationInfo) -> date | None:
        go_live = info.data.get("go_live")
        if closed is not None and go_live is not None and closed <= go_live:
            raise PydanticCustomError(
                "not_allowed", "a date after go_live ({go_live})", {"go_live": go_live.isoformat()}
            )
        return closed


class BudgetRate(Model):
    """Head office's rate for a fiscal year: units of the currency for one of the reporting currency."""

    fiscal_year: int = Field(ge=1999, le=2100)
    currency: Currency
    rate: Decimal = Field(gt=0, max_digits=18, decimal_places=6)


_PERIOD = re.compile(r"(?P<year>20\d\d)(-(Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


class Target(Model):
    """What a country, a business line or the company has said it will reach in a period.

    `period` is `2026` (fiscal year), `2026-Q2` (quarter of the fiscal year) or `2026-04` (calendar month).
    """

    kpi: str
    locale: str
    business_line: str
    period: str
    value: Decimal = Field(gt=0, max_digits=18, decimal_places=4)
    currency: Currency | None = None
    owner: Email
    status: Literal["proposed", "accepted"]
    kind: Literal["absolute"] = "absolute"

    @field_validator("period")
    @classmethod
    def _known_period(cls, value: str) -> str:
        if not _PERIOD.fullmatch(value):
            raise PydanticCustomError("not_allowed", "a fiscal year (2026), a quarter (2026-Q2) or a month (2026-04)")
        return value

    def bounds(self, fiscal_year_start_month: int) -> tuple[PeriodType, date, date]:
        """(period type, first day, last day) of the target's period."""
        match = _PERIOD.fullmatch(self.period)
        assert match is not None, "pydantic has checked the pattern"
        year = int(match["year"])
        if match["month"]:
            return "month", date(year, int(match["month"]), 1), _last_day(year, int(match["month"]), 1)
        if match["quarter"]:
            first = fiscal_year_start_month + 3 * (int(match["quarter"]) - 1)
            return "quarter", _month(year, first), _last_day(year, first, 3)
        return "fiscal_year", _month(year, fiscal_year_start_month), _last_day(year, fiscal_year_start_month, 12)


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
    targets: tuple[tuple[str, int, Target], ...]
    """(file, line, target)."""

    @property
    def rollup(self) -> tuple[str, RollUp] | None:
        """Head office's roll-up property, with the name of the connection it is on."""
        for name, account in self.connections.items():
            if isinstance(account, GoogleAnalyticsConnection) and account.rollup:
                return name, account.rollup
        return None

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


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _last_day(year: int, month: int, length: int) -> date:
    return date.fromordinal(_month(year, month + length).toordinal() - 1)
