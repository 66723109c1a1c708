"""A/B tests: what was tried, on whom, and by what it is judged, said before it begins."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dagster_project.config.base import Model
from dagster_project.config.values import Email, LocaleCode

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

StageKpi = Literal["first_identifiers", "second_identifiers", "mqls", "sqls", "sales"]
"""KPIs that a visitor can be followed to: the stages of the prospect that the visitor turned out to be."""


class Metric(Model):
    """What counts as success of a visitor: a key event of the property, or a stage of the funnel, never both."""

    key_event: str | None = Field(default=None, min_length=1, max_length=40)
    kpi: StageKpi | None = None

    @property
    def stage(self) -> str | None:
        """The stage whose entries the KPI counts."""
        return self.kpi and self.kpi.removesuffix("s")

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Metric":
        if (self.key_event is None) == (self.kpi is None):
            raise PydanticCustomError("not_allowed", "a `key_event` or a `kpi`: one, and not both")
        return self


class Variant(Model):
    """What a part of the visitors is shown. `value` is what the property's dimension says of it."""

    variant: Code
    value: str = Field(min_length=1, max_length=100)
    share: Decimal = Field(gt=0, lt=1, max_digits=6, decimal_places=5)
    is_control: bool = False


class Experiment(Model):
    """One A/B test. Visitors are let in from `start` to `end`; what they do counts for `follow_up_days` more."""

    experiment: Code
    name: str = Field(min_length=1)
    hypothesis: str = Field(min_length=1)
    owner: Email
    locales: tuple[LocaleCode, ...] = Field(min_length=1)
    start: date
    end: date
    follow_up_days: int = Field(default=0, ge=0, le=365)
    metric: Metric
    variants: tuple[Variant, ...] = Field(min_length=2, max_length=8)

    @property
    def last_day(self) -> date:
        """The last day that counts."""
        return self.end + timedelta(days=self.follow_up_days)

    @model_validator(mode="after")
    def _is_a_fair_trial(self) -> "Experiment":
        codes, values = ([getattr(one, name) for one in self.variants] for name in ("variant", "value"))
        for is_wrong, rule in (
            (self.end < self.start, "an `end` that is not before the `start`"),
            (sum(one.is_control for one in self.variants) != 1, "one variant with `is_control: true`"),
            (sum(one.share for one in self.variants) != 1, "shares that sum to 1"),
            (len({*codes}) < len(codes), "a code of its own for each variant"),
            (len({*values}) < len(values), "a value of its own for each variant"),
            (len({*self.locales}) < len(self.locales), "each locale once"),
        ):
            if is_wrong:
                raise PydanticCustomError("not_allowed", "{rule}", {"rule": rule})
        return self


class Experiments(Model):
    """`experiments.yml`, which a company without experiments leaves out."""

    experiments: tuple[Experiment, ...]
