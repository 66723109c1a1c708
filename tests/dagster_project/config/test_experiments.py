"""An experiment is declared whole, before it begins, or it is refused where its mistake stands."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.ga4.streams import STREAMS
from dagster_project.config import load_config
from dagster_project.lib.comparison_rows import experiment_locales, experiment_variants, experiments
from dagster_project.lib.web_scopes import web_scopes
from tests.dagster_project.config.editing import AS_OF, COMMITTED, edit, problems

CONTROL = "{variant: long_form, value: NOR-SHORTFORM-LONG, share: 0.5, is_control: true}"
FIRST = "first_identifier"
OTHER = "{variant: short_form, value: NOR-SHORTFORM-SHORT, share: 0.5}"


@pytest.mark.parametrize(
    ("old", "new", "field", "allowed"),
    [
        (CONTROL, CONTROL.replace(", is_control: true", ""), "experiments.0", "one variant with `is_control: true`"),
        (OTHER, OTHER.replace("0.5", "0.4"), "experiments.0", "shares that sum to 1"),
        (OTHER, OTHER.replace("short_form,", "long_form,"), "experiments.0", "a code of its own for each variant"),
        (OTHER, OTHER.replace("-SHORT}", "-LONG}").replace("SHORT,", "LONG,"), "experiments.0", "a value of its own"),
        ("end: 2026-04-26", "end: 2026-02-26", "experiments.0", "an `end` that is not before the `start`"),
        ("end: 2026-04-26", "end: soon", "experiments.0.end", "date"),
        ("follow_up_days: 14", "follow_up_days: -1", "experiments.0.follow_up_days", "greater than or equal to 0"),
        ("metric: {kpi: first_identifiers}", "metric: {kpi: sessions}", "experiments.0.metric.kpi", "one of "),
        ("metric: {kpi: first_identifiers}", "metric: {}", "experiments.0.metric", "a `key_event` or a `kpi`"),
        (
            "metric: {kpi: first_identifiers}",
            "metric: {kpi: mqls, key_event: quote_request}",
            "experiments.0.metric",
            "one, and not both",
        ),
        ("locales: [nl, de, ch, pl, au]", "locales: [nl, be-ln]", "experiments.1.locales.1", "did you mean be-nl?"),
        ("locales: [nl, de, ch, pl, au]", "locales: [nl, nl]", "experiments.1", "each locale once"),
        ("start: 2026-03-02", "start: 2025-02-03", "experiments.0.start", "a start from 2025-03-01 on"),
        ("experiment: price_page", "experiment: short_form", "experiments.1.experiment", "each experiment once"),
        ("NOR-PRICES-LIST", "NOR-SHORTFORM-LONG", "experiments.1.variants.1.value", "short_form has it already"),
        ("hypothesis: Showing", "hypotheses: Showing", "experiments.1.hypotheses", "did you mean hypothesis?"),
    ],
)
def test_what_is_no_fair_trial_is_refused_with_its_line(
    config: Path, old: str, new: str, field: str, allowed: str
) -> None:
    line = edit(config, "experiments.yml", old, new)
    problem = next(one for one in problems(config) if one.field == field)
    assert problem.file == "experiments.yml"
    assert allowed in problem.allowed
    # A rule of the whole experiment names the line where that begins.
    assert problem.line == line or (problem.line < line and field.count(".") <= 2)


def test_a_company_without_experiments_has_no_such_file_and_no_such_reports(config: Path) -> None:
    (config / "experiments.yml").unlink()
    loaded = load_config(config)
    assert loaded.experiments == ()
    assert list(experiments(loaded, AS_OF)) == []
    assert {scope.streams for code, scope in web_scopes(loaded).items() if code != "total"} == {STREAMS}


def test_their_reports_are_taken_where_they_run_and_on_their_days_only() -> None:
    scopes = web_scopes(load_config(COMMITTED))
    assert scopes["br"].streams == STREAMS
    exposures, events = scopes["be-nl"].streams[len(STREAMS) :]
    assert (exposures.name, events.name) == ("exposures", "visitor_events")
    assert exposures.only == events.only == ((date(2026, 3, 2), date(2026, 5, 10)),)
    assert len(scopes["nl"].streams[-1].only) == 2
    assert exposures.definition == "exposures@1"


def test_what_the_models_are_told_of_an_experiment() -> None:
    loaded = load_config(COMMITTED)
    assert [row[:1] + row[4:] for row in experiments(loaded, AS_OF)] == [
        ("short_form", date(2026, 3, 2), date(2026, 4, 26), date(2026, 5, 10), "first_identifiers", None, FIRST),
        ("price_page", date(2026, 5, 4), date(2026, 7, 26), date(2026, 7, 26), "quote_request", "quote_request", None),
    ]
    assert ("price_page", "au") in list(experiment_locales(loaded, AS_OF))
    assert list(experiment_variants(loaded, AS_OF))[2:4] == [
        ("price_page", "no_prices", "NOR-PRICES-NONE", Decimal("0.4"), True, 1),
        ("price_page", "price_list", "NOR-PRICES-LIST", Decimal("0.3"), False, 2),
    ]
