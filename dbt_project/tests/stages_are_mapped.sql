-- Statuses and stages that a locale's map does not know, with how often they occur. They are kept as `unmapped` and
-- count for nothing; the locale's file must learn them. A warning, since one country's new picklist value must not
-- keep the others from publishing.
{{ config(severity='warn') }}

select
    locale,
    'lead' as object,
    status as source_value,
    count(*) as occurrences
from {{ ref('int_lead_statuses_mapped') }}
where stage = 'unmapped' and locale is not null
group by locale, status

union all

select
    locale,
    'opportunity' as object,
    stage_name as source_value,
    count(*) as occurrences
from {{ ref('int_opportunity_stages_mapped') }}
where stage = 'unmapped' and locale is not null
group by locale, stage_name
