-- Statuses and stages that a locale's map does not know, with how often they occur. They are kept as `unmapped` and
-- count for nothing; the locale's file must learn them. A warning, since one country's new picklist value must not
-- keep the others from publishing.
{{ config(severity='warn') }}

select
    locale,
    record_type as object,
    source_value,
    count(*) as occurrences
from {{ ref('fct_stage_history') }}
where stage = 'unmapped' and locale is not null
group by locale, record_type, source_value
