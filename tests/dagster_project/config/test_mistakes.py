"""Every mistake in `config/` is one line that names file, line, field, what was found and what is allowed."""

from pathlib import Path

import pytest

from dagster_project.config import load_config
from dagster_project.lib.config_tables import TABLES
from dagster_project.lib.web_scopes import web_scopes
from tests.dagster_project.config.editing import AS_OF, COMMITTED, edit, only_problem, problems


def test_the_committed_configuration_has_twelve_locales_and_no_mistake() -> None:
    config = load_config(COMMITTED)
    assert len(config.locales) == 12
    assert len({locale.currency for locale in config.locales.values()}) >= 8


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "allowed"),
    [
        ("locales/uk.yml", "currency: GBP", "currency: GPB", "currency", "ISO 4217"),
        ("locales/nl.yml", "Europe/Amsterdam", "Europe/Amsterdm", "time_zone", "did you mean Europe/Amsterdam?"),
        ("locales/nl.yml", "country: NL", "country: Holland", "country", "ISO 3166"),
        ("locales/nl.yml", "language: nl", "language: dutch!", "language", "ISO 639"),
        ("locales/nl.yml", "locale: nl", "locale: ../nl", "locale", "two small letters"),
        ("locales/nl.yml", "locale: nl", "locale: be", "locale", "nl, as the file is called"),
        ("locales/nl.yml", 'property: "310000001"', "property: G-ABC123", "web.property", "GA4 property number"),
        ("locales/nl.yml", 'property: "310000001"', 'property: "310000002"', "web.property", "a property of its own"),
        ("locales/nl.yml", 'property: "310000001"', 'property: "310000099"', "web.property", "connections.yml has"),
        ("connections.yml", 'property: "310000099"', "property: G-ABC", "google_analytics.rollup.property", "GA4"),
        ("locales/nl.yml", "values: [NL]", "values: [DE]", "crm.values", "locales/de.yml has this one"),
        ("locales/nl.yml", "Nieuw: open", "Nieuw: opened", "crm.lead_statuses.Nieuw", "one of 'open'"),
        ("locales/nl.yml", "Nieuw: open", "omgezet: open", "crm.lead_statuses.Omgezet", "each value mapped once"),
        ("locales/nl.yml", "Nieuw: open", "Omgezet: open", "crm.lead_statuses.Omgezet", "each key once"),
        ("locales/nl.yml", "connection: google_analytics", "connection: google", "web.connection", "google_"),
        ("locales/nl.yml", "go_live: 2025-01-01", "go_live: 2025-01-01\nclosed: 2024-06-30", "closed", "after"),
        ("locales/nl.yml", "go_live: 2025-01-01", "golive: 2025-01-01", "golive", "did you mean go_live?"),
        ("locales/nl.yml", "owner: marketing.nl@noordlicht.example", "owner: Marketing", "owner", "e-mail"),
        ("locales/nl.yml", "hosts: [nl.noordlicht.example]", "channels: [{medium: qr, channel: Posters}]",
         "web.channels.0.channel", "'Paid Search'"),
        ("locales/nl.yml", "hosts: [nl.noordlicht.example]", "channels: [{channel: Display}]",
         "web.channels.0", "at least one of source, medium and campaign"),
        ("campaign_codes.yml", "AU-2025Q4-EVT-SEN-02", "summer sale", "examples", "follow the pattern"),
        ("locales/se.yml", "mql: MQL_Date__c", "mql: MQL Date", "crm.stage_dates.mql", "API name"),
        ("locales/se.yml", "mql: MQL_Date__c", "sale: Sold__c", "crm.stage_dates.sale", "'mql' or 'sql'"),
        ("campaign_codes.yml", "AU-2025Q4-EVT-SEN-02", "AU-2025Q4-EVT-SNE-02", "examples.0", "did you mean SEN?"),
        ("campaign_codes.yml", "SEA: Search", "sea: Search", "types.sea", "text of the form"),
        ("campaign_codes.yml", "further_business_lines: [ALL]", "further_markets: [eu]", "further_markets.0", "text"),
        ("campaign_codes.yml", "[Paid Search, Paid", "[Paid, Paid", "coded_channels.0", "'Paid Search'"),
        ("campaign_codes.yml", "exempt: []", "exempt: [{}]", "exempt.0", "at least one of source, medium and campaign"),
        ("campaign_codes.yml", "(?P<type>[A-Z]{3})", "([A-Z]{3})", "types", "a part named type"),
        ("campaign_codes.yml", "P<number>", "P<no>", "pattern", "parts named market, year"),
        ("campaign_codes.yml", "(?P<number>", "(?=-)(?P<number>", "pattern", "looks ahead"),
        ("campaign_codes.yml", "(?P<number>[0-9]{2})", "(?P<number>[0-9]{2}", "pattern", "a regular expression"),
        ("business_lines.yml", "code: SEN", "code: AUT", "business_lines.1.campaign_code", "automation has this"),
        ("project.yml", "mode: sandbox", "mode: demo", "mode", "'sandbox' or 'live'"),
        ("project.yml", "fiscal_year_start_month: 1", "fiscal_year_start_month: 13", "fiscal_year_start_month", "12"),
        ("connections.yml", "kind: ecb", "kind: boe", "ecb.kind", "'ga4', 'salesforce', 'ecb'"),
        ("connections.yml", "GOOGLE_ANALYTICS_CREDENTIALS", "{type: service}", "google_analytics.credentials_env", ""),
        ("business_lines.yml", "crm_values:\n      salesforce_global: [Sensors]",
         "crm_values:\n      salesforce_global: [Services]",
         "business_lines.2.crm_values.salesforce_global", "sensors"),
        ("kpis.yml", "numerator: sqls, denominator: mqls", "numerator: sqls, denominator: mql",
         "kpis.10.denominator", "mean mqls?"),
        ("stages.yml", "salesforce_americas: {New Business: new", "salesforce_americas: {New Business: fresh",
         "deal_kinds.salesforce_americas.New Business", "'new', 'expansion' or 'renewal'"),
        ("stages.yml", "salesforce_americas: {Recurring", "salesforce_emea: {Recurring",
         "revenue_types.salesforce_emea", "one of salesforce_global, salesforce_americas"),
        ("project.yml", "response_hours: 24", "response_hours: 0", "hand_over.response_hours", "greater than"),
        ("locales/jp.yml", "forgotten_after_days: 7", "forgotten_after_days: 400",
         "crm.hand_over.forgotten_after_days", "365"),
        ("stages.yml", "Closed Won: sale", "Closed Won: won",
         "opportunity_stages.salesforce_global.Closed Won", "'sale'"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_file_line_field_and_what_is_allowed(
    config: Path, file: str, old: str, new: str, field: str, allowed: str
) -> None:
    line = edit(config, file, old, new)
    found = [problem for problem in problems(config) if problem.field == field]
    assert len(found) == 1
    assert found[0].file == file
    assert allowed in found[0].allowed
    assert line <= found[0].line <= line + 8, "the value itself, or the later one that repeats it"


def test_all_mistakes_of_all_files_are_reported_at_once(config: Path) -> None:
    edit(config, "locales/nl.yml", "Europe/Amsterdam", "Mars/Olympus")
    edit(config, "locales/uk.yml", "currency: GBP", "currency: QQQ")
    edit(config, "connections.yml", "locale: Locale__c", "locale: Locale; DROP")
    assert {problem.file for problem in problems(config)} == {"locales/nl.yml", "locales/uk.yml", "connections.yml"}


def test_a_company_without_a_roll_up_property_has_no_total(config: Path) -> None:
    path = config / "connections.yml"
    text = path.read_text()
    start, end = text.index("  rollup:"), text.index("salesforce_global:")
    path.write_text(text[:start] + text[end:])
    assert load_config(config).rollup is None
    assert "total" not in web_scopes(load_config(config))


def test_a_second_roll_up_property_is_a_mistake(config: Path) -> None:
    path = config / "connections.yml"
    text = path.read_text()
    account = text[text.index("google_analytics:") : text.index("salesforce_global:")]
    path.write_text(text + "\n" + account.replace("google_analytics:", "another:").replace("310000099", "310000098"))
    assert only_problem(config).field == "another.rollup"


def test_the_locales_of_an_org_name_one_field_for_a_stage(config: Path) -> None:
    path = config / "locales" / "uk.yml"
    path.write_text(path.read_text() + "  stage_dates:\n    mql: Qualified__c\n")
    problem = only_problem(config)
    assert (problem.file, problem.field) == ("locales/uk.yml", "crm.stage_dates.mql")
    assert "MQL_Date__c, as locales/se.yml has it" in problem.allowed


def test_norway_is_a_country_and_not_false(config: Path) -> None:
    edit(config, "locales/se.yml", "country: SE", "country: NO")
    assert load_config(config).locales["se"].country == "NO"


def test_a_yaml_tag_that_would_build_an_object_is_refused(config: Path) -> None:
    edit(config, "project.yml", "name: Noordlicht", "name: !!python/object/apply:os.getcwd []")
    assert only_problem(config).field == "file"


def test_text_that_is_not_yaml_names_the_line(config: Path) -> None:
    line = edit(config, "project.yml", "mode: sandbox", "mode: [sandbox")
    assert abs(only_problem(config).line - line) <= 1


def test_a_missing_file_is_a_mistake_and_not_a_traceback(config: Path) -> None:
    (config / "stages.yml").unlink()
    assert only_problem(config).found == "'no such file'"


def test_a_locale_whose_currency_has_no_budget_rate_is_a_mistake(config: Path) -> None:
    edit(config, "fx/budget_rates.csv", "2026,JPY,181\n", "")
    assert "jp uses JPY" in only_problem(config).allowed


def test_a_country_offers_only_models_of_attribution_that_head_office_offers(config: Path) -> None:
    edit(config, "project.yml", "  - markov\n", "")
    line = edit(
        config, "locales/nl.yml", "go_live: 2025-01-01", "attribution_models: [linear, markov]\ngo_live: 2025-01-01"
    )
    found = only_problem(config)
    assert (found.file, found.line, found.found) == ("locales/nl.yml", line, "'markov'")
    assert "one that head office offers: first_touch" in found.allowed


def test_a_business_line_may_look_back_further_than_head_office_and_a_country_choose_its_models(config: Path) -> None:
    edit(config, "locales/nl.yml", "go_live: 2025-01-01", "attribution_models: [linear]\ngo_live: 2025-01-01")
    loaded = load_config(config)
    tables = {table.name: set(table.rows(loaded, AS_OF)) for table in TABLES if table.name.startswith("attribution_")}
    assert tables["attribution_windows"] == {
        ("automation", 90, 7), ("sensors", 90, 7), ("services", 120, 7), ("unmapped", 90, 7),
    }  # fmt: skip
    assert {model for locale, model in tables["attribution_models"] if locale == "nl"} == {"linear"}
    assert len({model for locale, model in tables["attribution_models"] if locale == "de"}) == 10
