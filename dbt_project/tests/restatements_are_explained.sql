-- Every change of a published figure has a reason that can be shown.
{{ config(severity='warn') }}

select
    locale,
    business_line,
    period_type,
    period_start,
    kpi
from {{ ref('mart_restatements') }}
where reasons = 'unexplained'
