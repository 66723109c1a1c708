"""What a country may say: its file, and the words that files of countries are made of."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.money import FormerCurrency, spans
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
Channel = Literal[
    "Paid Search", "Paid Social", "Paid Video", "Paid Shopping", "Display", "Cross-network", "Paid Other", "Audio",
    "Affiliates", "Email", "SMS", "Mobile Push Notifications", "Organic Search", "Organic Social", "Organic Video",
    "Organic Shopping", "Referral", "Direct",
]  # fmt: skip
"""The channels of Google's default channel group, which mean the same in every country."""
AttributionModel = Literal[
    "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay", "w_shaped", "full_path",
    "markov", "shapley",
]  # fmt: skip


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
    former_currencies: tuple[FormerCurrency, ...] = ()
    """What it reported in before, oldest first."""
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

    @field_validator("former_currencies")
    @classmethod
    def _changed_from_one_to_another(
        cls, former: tuple[FormerCurrency, ...], info: ValidationInfo
    ) -> tuple[FormerCurrency, ...]:
        days = [one.until for one in former]
        if days != sorted(set(days)):
            raise PydanticCustomError("not_allowed", "the oldest first, each until another day")
        if any((one.until + timedelta(days=1)).day != 1 for one in former):
            raise PydanticCustomError("not_allowed", "until the last day of a month, whose figures are in one currency")
        currencies = [*(one.currency for one in former), info.data.get("currency")]
        if any(before == after for before, after in pairwise(currencies)):
            raise PydanticCustomError("not_allowed", "currencies that each differ from the one that follows")
        return former

    @property
    def currencies(self) -> list[tuple[str, date, date]]:
        """(currency, first day, last day) it reported in, oldest first."""
        return spans(self.currency, self.former_currencies)
