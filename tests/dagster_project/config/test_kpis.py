"""A mistake in the catalogue of KPIs never reaches the warehouse: it names file, line, field, value and rule."""

from pathlib import Path

import pytest

from tests.dagster_project.config.editing import edit, only_problem


@pytest.mark.parametrize(
    ("old", "new", "field", "found", "allowed"),
    [
        ("numerator: clicks, denominator: impressions", "numerator: clicks, denominator: impression",
         "denominator", "'impression'", "did you mean impressions?"),
        ("numerator: sales, denominator: decided_deals", "numerator: won_deals, denominator: decided_deals",
         "numerator", "'won_deals'", "one of sessions"),
        ("numerator: sales, denominator: decided_deals, source: [crm]", "numerator: sales, source: [crm]",
         "", "these values together", "a numerator and a denominator, since the unit is rate"),
        ("{kpi: clicks, tier: soft, unit: count, direction: up, owner_role: country marketer,\n     numerator: clicks,",
         "{kpi: clicks, tier: soft, unit: count, direction: up, owner_role: country marketer,\n     numerator: clicks, "
         "denominator: sessions,", "", "these values together", "no denominator, since the unit is count"),
        ("numerator: tracked_leads, denominator: crm_leads, source: [crm]",
         "numerator: tracked_leads, denominator: crm_leads, additive: [days], source: [crm]",
         "", "these values together", "does not add up"),
        ("denominator: crm_leads, source: [crm]", "denominator: crm_leads, source: [google_analytics]",
         "", "these values together", "source: [crm], where its measures come from"),
        ("denominator: crm_leads, source: [crm]", "denominator: crm_leads, source: [sap]",
         "source.0", "'sap'", "one of 'google_analytics'"),
        ("names: {en: Sessions,", "names: {", "names", "", "English"),
        ("names: {en: Sessions,", "names: {en: Sessions, english: Sessions,", "names.english", "'english'", "ISO 639"),
        ("kpi: tracking_coverage, tier: soft", "kpi: win_rate, tier: soft", "kpi", "'win_rate'", "each KPI once"),
        ("kpi: tracking_coverage, tier: soft", "kpi: Tracking coverage, tier: soft",
         "kpi", "'Tracking coverage'", "form"),
        ("kpi: tracking_coverage, tier: soft", "kpi: tracking_coverage, tier: main",
         "tier", "'main'", "'head' or 'soft'"),
        ("kpi: tracking_coverage, tier: soft", "kpi: tracking_coverage, teir: x, tier: soft", "teir", "unknown field",
         "did you mean tier?"),
    ],
)  # fmt: skip
def test_a_mistake_names_line_field_value_and_rule(
    config: Path, old: str, new: str, field: str, found: str, allowed: str
) -> None:
    line = edit(config, "kpis.yml", old, new)
    problem = only_problem(config)
    assert problem.file == "kpis.yml"
    assert abs(problem.line - line) <= 1
    assert problem.field.startswith("kpis.")
    assert problem.field.endswith(field)
    assert found in problem.found
    assert allowed in problem.allowed
