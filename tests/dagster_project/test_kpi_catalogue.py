"""What is said of KPIs elsewhere is what the catalogue says."""

from pathlib import Path

import pytest

from dagster_project.config import Config, load_config
from dagster_project.config.availability import why_not_available
from dagster_project.config.kpis import CONNECTED
from dagster_project.lib.kpi_catalogue import COLUMNS, PAGE, columns, page

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def config() -> Config:
    return load_config(CHECKOUT / "config")


def test_the_page_and_the_columns_descriptions_are_made_from_the_catalogue(config: Config) -> None:
    """`python -m dagster_project.lib.kpi_catalogue` makes them."""
    assert (CHECKOUT / PAGE).read_text() == page(config.kpis)
    assert (CHECKOUT / COLUMNS).read_text() == columns(config.kpis)


def test_every_kpi_of_the_semantics_is_in_the_catalogue(config: Config) -> None:
    known = {kpi.kpi for kpi in config.kpis}
    assert known >= {
        "sessions", "first_identifiers", "second_identifiers", "mqls", "sqls", "sales", "sales_amount",
        "visitor_to_customer_rate", "traffic_spend", "impressions", "clicks", "ctr", "cpc", "seo_average_position",
        "seo_impressions", "seo_clicks", "average_time_on_site", "pages_per_visit", "visits_per_returning_user",
        "email_delivered", "email_open_rate", "email_open_rate_adjusted", "email_click_rate",
        "sales_related_questions", "cost_per_lead", "cost_per_mql", "cost_per_sql", "cost_per_sale",
        "return_on_ad_spend_linear", "return_on_ad_spend_markov", "lead_response_hours", "mql_acceptance_rate",
        "win_rate", "average_deal_value", "sales_cycle_days", "sales_velocity", "pipeline_value",
        "recurring_revenue_share", "customer_value", "campaign_coding_compliance", "tracking_coverage",
    }  # fmt: skip


def test_every_kpi_has_a_name_in_every_language_of_the_countries(config: Config) -> None:
    languages = {"en", *(locale.language for locale in config.locales.values())}
    assert {kpi.kpi: languages - kpi.names.keys() for kpi in config.kpis if languages - kpi.names.keys()} == {}


def test_a_kpi_is_not_available_where_nothing_brings_its_source_or_its_model_is_not_offered(config: Config) -> None:
    nl = config.locales["nl"]
    reasons = {kpi.kpi: why_not_available(config, kpi, nl) for kpi in config.kpis}
    assert reasons["seo_clicks"] == "not_connected: search_console"
    assert reasons["email_open_rate"] == "not_connected: email"
    assert {kpi for kpi, reason in reasons.items() if reason is None} == {
        kpi.kpi for kpi in config.kpis if set(kpi.source) <= CONNECTED.keys()
    }
    fewer = nl.model_copy(update={"attribution_models": ("linear",)})
    roas = [kpi for kpi in config.kpis if kpi.attribution_model]
    assert len(roas) == 10
    offered = [kpi.kpi for kpi in roas if why_not_available(config, kpi, fewer) is None]
    assert offered == ["return_on_ad_spend_linear"]
    assert {why_not_available(config, kpi, fewer) for kpi in roas} == {None, "model_not_offered"}
