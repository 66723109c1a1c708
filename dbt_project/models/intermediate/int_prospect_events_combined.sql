-- Everything that can move a prospect through the funnel, in one shape. `stage_rank` orders what happens at the same
-- instant: earlier stages first, then recycling, then disqualification.
with

identified as (
    select * from {{ ref('int_prospects_identified') }}
),

responses as (
    select * from {{ ref('int_responses_dated') }}
),

lead_stages as (
    select * from {{ ref('int_lead_stages_entered') }}
),

records as (
    select * from {{ ref('int_records_changed') }}
    where record_type in ('lead', 'contact')
),

opportunity_stages as (
    select * from {{ ref('int_opportunity_stages_entered') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

-- Instants whose business day is still to be found in the time zone of the locale they happened in.
undated as (
    select
        prospect_id,
        'first_identifier' as stage,
        identified_at as occurred_at,
        record_id,
        locale,
        business_line,
        'record' as history_source
    from identified

    union all

    select
        records.prospect_id,
        lead_stages.stage,
        lead_stages.occurred_at,
        lead_stages.lead_id as record_id,
        lead_stages.locale,
        records.business_line,
        lead_stages.history_source
    from lead_stages
    inner join records on lead_stages.lead_id = records.record_id
),

events as (
    select
        undated.prospect_id,
        undated.stage,
        undated.occurred_at,
        {{ local_date('undated.occurred_at', "coalesce(locales.time_zone, 'UTC')") }} as occurred_date,
        undated.record_id,
        undated.locale,
        undated.business_line,
        undated.history_source
    from undated
    left join locales on undated.locale = locales.locale

    union all

    select
        prospect_id,
        'second_identifier' as stage,
        responded_at as occurred_at,
        responded_date as occurred_date,
        campaign_member_id as record_id,
        locale,
        business_line,
        'record' as history_source
    from responses
    where is_second_identifier

    union all

    select
        prospect_id,
        stage,
        entered_at as occurred_at,
        entered_date as occurred_date,
        opportunity_id as record_id,
        locale,
        business_line,
        history_source
    from opportunity_stages
),

final as (
    select
        *,
        case stage
            when 'first_identifier' then 1
            when 'second_identifier' then 2
            when 'mql' then 3
            when 'sql' then 4
            when 'sale' then 5
            when 'recycled' then 6
            when 'disqualified' then 7
        end as stage_rank
    from events
)

select * from final
