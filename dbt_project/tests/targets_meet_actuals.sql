-- A target that matches no actuals aims at nothing: its period has begun, yet its KPI, locale, business line, period
-- or currency is none of ours. A rate over nothing has no value either, and is not meant. Nor does a change against a
-- last year of which nothing is known aim at anything.
{{ config(meta={'dagster': {'ref': {'name': 'mart_targets'}}}) }}

select
    target_id,
    kpi,
    locale,
    business_line,
    period_type,
    period_start,
    currency,
    source_file,
    source_line
from {{ ref('mart_targets') }}
where
    (is_complete is null and period_start <= (select min(locales.as_of_date) from {{ ref('mart_locales') }} as locales))
    or (is_complete is not null and actual_value is null and currency is not null)
    or target_value is null
