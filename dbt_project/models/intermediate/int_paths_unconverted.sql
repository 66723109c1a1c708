-- The steps of paths that have not led further so far: of the prospects who have entered some stage in their latest
-- cycle, but not a sale. Such a path ends at its last touch and reaches back the lookback from there. Kept from build
-- to build by prospect.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_prospect_numbers() }}"
    )
}}

with

stage_entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

windows as (
    select * from {{ source('config', 'attribution_windows') }}
),

ranked as (
    select
        stage_entries.prospect_id,
        stage_entries.locale,
        stage_entries.business_line,
        stages.stage_rank as reached_rank,
        row_number() over (
            partition by stage_entries.prospect_id
            order by stage_entries.cycle desc, stages.stage_rank desc
        ) as choice
    from stage_entries
    inner join {{ funnel_stages() }} on stage_entries.stage = stages.stage
),

touches as (
    select
        ranked.prospect_id,
        ranked.locale,
        ranked.reached_rank,
        windows.lookback_days,
        touchpoints.touchpoint_id,
        touchpoints.touched_at,
        touchpoints.channel,
        touchpoints.campaign,
        max(touchpoints.touched_at) over (partition by ranked.prospect_id) as last_touched_at
    from ranked
    inner join touchpoints on ranked.prospect_id = touchpoints.prospect_id
    inner join windows on ranked.business_line = windows.business_line
    where ranked.choice = 1 and ranked.reached_rank < 5
),

recent as (
    select * from touches
    where touched_at >= {{ plus_days_of_24_hours('last_touched_at', '-lookback_days') }}
),

final as (
    select
        prospect_id,
        {{ number_of_values(['prospect_id']) }} as prospect_number,
        locale,
        reached_rank,
        lag(channel) over path as channel_before,
        channel,
        lead(touchpoint_id) over path is null as is_last
    from recent
    window path as (partition by prospect_id order by touched_at, channel, campaign, touchpoint_id)
)

select * from final
