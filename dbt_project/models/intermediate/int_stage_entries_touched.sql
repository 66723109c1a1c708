-- Every stage entry with the touches in its lookback window, oldest first, and what the attribution models ask about
-- each of them. An entry without a touch keeps one row, without a touchpoint.
with

stage_entries as (
    select * from {{ ref('fct_stage_entries') }}
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

anchors as (
    select * from {{ ref('int_cycles_anchored') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

entries as (
    select
        stage_entries.stage_entry_id,
        stage_entries.prospect_id,
        stage_entries.locale,
        stage_entries.business_line,
        stage_entries.stage,
        stage_entries.entered_at,
        stage_entries.entered_date,
        {{ plus_days_of_24_hours('stage_entries.entered_at', '-build.attribution_lookback_days') }} as lookback_from,
        anchors.lead_created_at,
        anchors.deal_created_at
    from stage_entries
    cross join build
    left join anchors
        on stage_entries.prospect_id = anchors.prospect_id
        and stage_entries.cycle = anchors.cycle
),

-- A moment that lies after the entry is no part of how it came about.
touched as (
    select
        entries.*,
        touchpoints.touchpoint_id,
        touchpoints.touched_at,
        touchpoints.channel,
        touchpoints.campaign,
        coalesce(touchpoints.channel <> 'Direct', false) as is_marketing,
        touchpoints.touched_at <= entries.lead_created_at and entries.lead_created_at <= entries.entered_at
            as is_before_lead,
        touchpoints.touched_at <= entries.deal_created_at and entries.deal_created_at <= entries.entered_at
            as is_before_deal
    from entries
    left join touchpoints
        on entries.prospect_id = touchpoints.prospect_id
        and touchpoints.touched_at between entries.lookback_from and entries.entered_at
),

landmarks as (
    select
        *,
        count(touchpoint_id) over entry as touch_count,
        row_number() over (
            partition by stage_entry_id
            order by touched_at, channel, campaign, touchpoint_id
        ) as touch_number,
        count(*) over (partition by stage_entry_id, channel) as channel_touch_count,
        min(touched_at) over entry as first_touched_at,
        max(touched_at) over entry as last_touched_at,
        max(case when is_marketing then touched_at end) over entry as last_marketing_at,
        max(case when is_before_lead then touched_at end) over entry as lead_touched_at,
        max(case when is_before_deal then touched_at end) over entry as deal_touched_at
    from touched
    window entry as (partition by stage_entry_id)
),

final as (
    select
        stage_entry_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        channel,
        campaign,
        touch_count,
        touch_number,
        channel_touch_count,
        touched_at,
        {{ days_between('touched_at', 'entered_at') }} as days_before,
        touched_at = first_touched_at as is_first,
        touched_at = last_touched_at as is_last,
        case
            when last_marketing_at is null then touched_at = last_touched_at
            else is_marketing and touched_at = last_marketing_at
        end as is_last_non_direct,
        coalesce(touched_at = lead_touched_at, false) as is_lead_creation,
        coalesce(touched_at = deal_touched_at, false) as is_deal_creation
    from landmarks
)

select * from final
