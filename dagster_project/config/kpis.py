"""Head office's catalogue of KPIs: what each is called, made of and measured from, and where it cannot be had."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.locales import AttributionModel
from dagster_project.config.values import Language, suggestion

Source = Literal[
    "google_analytics", "advertising", "crm", "crm_activities", "crm_lines", "search_console", "email", "questions"
]
Unit = Literal["count", "money", "rate", "number", "seconds", "hours", "days"]
Level = Literal["locales", "business_lines", "days"]

CONNECTED: dict[Source, str] = {
    "google_analytics": "ga4",
    "advertising": "ga4",
    "crm": "salesforce",
    "crm_activities": "salesforce",
    "crm_lines": "salesforce",
}
"""The kind of connection that a source comes by; the others have no connector yet."""

PER_MODEL = "{model}"
"""Stands in an entry that is one KPI for each attribution model."""

_CRM: tuple[Source, ...] = ("crm",)
_WEB: tuple[Source, ...] = ("google_analytics",)
_ADS: tuple[Source, ...] = ("advertising",)
_ACTIVITIES: tuple[Source, ...] = ("crm", "crm_activities")
_LINES: tuple[Source, ...] = ("crm", "crm_lines")

MEASURES: dict[str, tuple[Source, ...]] = {
    **dict.fromkeys(("sessions", "page_views", "engagement_seconds", "return_visits", "returning_users"), _WEB),
    **dict.fromkeys(("codable_sessions", "coded_sessions"), _WEB),
    **dict.fromkeys(("impressions", "clicks", "spend"), _ADS),
    **dict.fromkeys(("first_identifiers", "second_identifiers", "mqls", "sqls", "sales", "decided_deals"), _CRM),
    **dict.fromkeys(("sales_amount", "pipeline", "new_customers", "customer_amount"), _CRM),
    **dict.fromkeys(("crm_leads", "tracked_leads", "measured_cycles", "cycle_days"), _CRM),
    **dict.fromkeys(("expected_amount", "mean_cycle_days"), _CRM),
    **dict.fromkeys(("handed_over", "accepted"), _CRM),
    **dict.fromkeys(("followed_up", "response_hours"), _ACTIVITIES),
    **dict.fromkeys(("recurring_amount", "itemised_amount"), _LINES),
    **{f"credited_{model}": (*_CRM, *_WEB) for model in get_args(AttributionModel)},
    **dict.fromkeys(("seo_impressions", "seo_clicks", "seo_positions"), ("search_console",)),
    **dict.fromkeys(
        ("email_delivered", "email_opens", "email_human_opens", "email_human_delivered", "email_clicks"), ("email",)
    ),
    "questions": ("questions",),
}
"""What KPIs are made of, and the sources each measure needs. docs/semantics says what each measures; those whose
sources are connected are in dbt's `kpi_measures()`, the others wait for their connector."""


class Kpi(Model):
    """A KPI: a measure, or one divided by another. `additive` names what its values may be summed over."""

    kpi: str = Field(pattern=r"^[a-z][a-z0-9_]*(\{model\})?$")
    names: dict[Language, Annotated[str, Field(min_length=1)]]
    tier: Literal["head", "soft"]
    owner_role: str
    unit: Unit
    direction: Literal["up", "down"]
    numerator: str
    denominator: str | None = None
    additive: tuple[Level, ...] = ()
    source: tuple[Source, ...]
    description: str = Field(min_length=1)

    @field_validator("names")
    @classmethod
    def _has_an_english_name(cls, names: dict[str, str]) -> dict[str, str]:
        if "en" not in names:
            raise PydanticCustomError("not_allowed", "names by language, English (`en`) among them")
        return names

    @field_validator("numerator", "denominator")
    @classmethod
    def _is_a_measure(cls, measure: str | None) -> str | None:
        if measure is not None and measure.replace(PER_MODEL, "linear") not in MEASURES:
            known = suggestion(measure, list(MEASURES))
            raise PydanticCustomError("not_allowed", "{rule}", {"rule": f"one of {', '.join(MEASURES)}{known}"})
        return measure

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> "Kpi":
        if self.denominator is None and self.unit not in ("count", "money"):
            raise _refusal(f"a numerator and a denominator, since the unit is {self.unit}")
        if self.denominator is not None and self.unit == "count":
            raise _refusal("no denominator, since the unit is count")
        if self.denominator is not None and self.additive:
            raise _refusal("additive: [], since what is divided does not add up")
        if self.denominator is not None and self.numerator == self.denominator:
            raise _refusal("a denominator that is not the numerator")
        needed = self.needed_sources()
        if set(self.source) != needed:
            raise _refusal(f"source: [{', '.join(sorted(needed))}], where its measures come from")
        return self

    @property
    def name(self) -> str:
        """What it is called in English."""
        return self.names["en"]

    @property
    def attribution_model(self) -> AttributionModel | None:
        """The model it is measured by, if it is one of those that differ by model."""
        return next((model for model in get_args(AttributionModel) if self.numerator == f"credited_{model}"), None)

    def needed_sources(self) -> set[Source]:
        """The sources of what it is made of."""
        parts = (part.replace(PER_MODEL, "linear") for part in (self.numerator, self.denominator) if part)
        return {source for part in parts for source in MEASURES[part]}

    def by_model(self) -> Iterator["Kpi"]:
        """The KPI itself, or one for each attribution model."""
        if PER_MODEL not in self.kpi:
            yield self
            return
        for model in get_args(AttributionModel):
            spoken = model.replace("_", " ")
            yield self.model_copy(
                update={
                    "kpi": self.kpi.replace(PER_MODEL, model),
                    "numerator": self.numerator.replace(PER_MODEL, model),
                    "names": {language: name.replace(PER_MODEL, spoken) for language, name in self.names.items()},
                    "description": self.description.replace(PER_MODEL, spoken),
                }
            )


class Kpis(Model):
    """`kpis.yml`."""

    kpis: tuple[Kpi, ...] = Field(min_length=1)

    @property
    def catalogue(self) -> tuple[Kpi, ...]:
        """Every KPI, those that differ by attribution model once for each."""
        return tuple(one for kpi in self.kpis for one in kpi.by_model())


def _refusal(rule: str) -> PydanticCustomError:
    return PydanticCustomError("not_allowed", "{rule}", {"rule": rule})
