-- A field in which a locale's CRM is said to note a stage's moment, and which no landed record of that locale has
-- anything in: misspelt, hidden from us, or named after its records had landed. A warning: statuses go on counting.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_stage_history'}}}) }}
-- depends_on: {{ ref('fct_stage_history') }}

with

landed as (
    select
        _scope,
        'mql' as stage,
        count(mql_at) as filled
    from {{ source('landing', 'salesforce__lead') }}
    group by _scope

    union all

    select
        _scope,
        'sql' as stage,
        count(sql_at) as filled
    from {{ source('landing', 'salesforce__opportunity') }}
    group by _scope
)

select
    stage_dates.locale,
    stage_dates.stage,
    stage_dates.field
from {{ source('config', 'crm_stage_dates') }} as stage_dates
left join landed
    on stage_dates.locale = landed._scope
    and stage_dates.stage = landed.stage
where coalesce(landed.filled, 0) = 0
