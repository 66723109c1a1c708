-- When each lead qualified, was recycled or disqualified. A field in which its locale notes the moment of qualification
-- dates that trip's mql instead of the statuses; trips before and after a recycling stay as their statuses tell.
with

leads as (
    select * from {{ ref('int_records_resolved') }}
    where mql_at is not null
),

statuses as (
    select * from {{ ref('int_lead_statuses_mapped') }}
),

record_locales as (
    select * from {{ ref('int_record_locales_tracked') }}
),

stage_dates as (
    select * from {{ source('config', 'crm_stage_dates') }}
),

noted as (
    select
        leads.record_id as lead_id,
        leads.mql_at,
        record_locales.locale
    from leads
    inner join record_locales
        on leads.record_id = record_locales.record_id
        and leads.mql_at >= record_locales.valid_from
        and leads.mql_at < record_locales.valid_to
    inner join stage_dates
        on record_locales.locale = stage_dates.locale
        and stage_dates.stage = 'mql'
),

-- The trip that was noted: after the last recycling before that moment, up to the next one.
trips as (
    select
        noted.lead_id,
        max(case when statuses.occurred_at < noted.mql_at then statuses.occurred_at end) as begun_at,
        min(case when statuses.occurred_at >= noted.mql_at then statuses.occurred_at end) as ended_at
    from noted
    left join statuses
        on noted.lead_id = statuses.lead_id
        and statuses.stage = 'recycled'
    group by noted.lead_id
),

told as (
    select
        statuses.*,
        trips.lead_id is not null
        and (trips.begun_at is null or statuses.occurred_at > trips.begun_at)
        and (trips.ended_at is null or statuses.occurred_at <= trips.ended_at) as is_noted_trip
    from statuses
    left join trips on statuses.lead_id = trips.lead_id
    where statuses.stage in ('mql', 'recycled', 'disqualified')
),

final as (
    select
        lead_id,
        stage,
        locale,
        occurred_at,
        history_source
    from told
    where stage <> 'mql' or not is_noted_trip

    union all

    select
        lead_id,
        'mql' as stage,
        locale,
        mql_at as occurred_at,
        'datetime_field' as history_source
    from noted
)

select * from final
