-- The cycle of every event. Being recycled or having bought closes a cycle once the prospect enters mql or later
-- again: a recycled lead that stays away, or a customer who does, opens nothing. Kept from build to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

events as (
    select * from {{ ref('int_prospect_events_combined') }}
),

ordered as (
    select
        *,
        row_number() over (
            partition by prospect_id
            order by occurred_at, stage_rank, record_id
        ) as event_number
    from events
),

-- Only entries at mql or later and recycling decide about cycles; identifiers do not.
movements as (
    select
        prospect_id,
        event_number,
        stage,
        lead(stage) over (partition by prospect_id order by event_number) as next_stage
    from ordered
    where stage in ('mql', 'sql', 'sale', 'recycled')
),

closers as (
    select
        prospect_id,
        event_number
    from movements
    where stage in ('recycled', 'sale') and next_stage in ('mql', 'sql', 'sale')
),

final as (
    select
        ordered.prospect_id,
        1 + cast(
            count(closers.event_number) over (
                partition by ordered.prospect_id
                order by ordered.event_number
                rows between unbounded preceding and 1 preceding
            ) as integer
        ) as cycle,
        ordered.event_number,
        ordered.stage,
        ordered.stage_rank,
        ordered.occurred_at,
        ordered.occurred_date,
        ordered.record_id,
        ordered.locale,
        ordered.business_line,
        ordered.history_source
    from ordered
    left join closers
        on ordered.prospect_id = closers.prospect_id
        and ordered.event_number = closers.event_number
)

select * from final
