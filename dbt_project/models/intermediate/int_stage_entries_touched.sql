-- The stage entries of the prospects this build works on with the touches in each one's lookback window, oldest first,
-- and what the attribution models ask about each of them. An entry without a touch is not here.
with

stage_entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    inner join {{ ref('int_prospects_changed') }} as changed on entries.prospect_id = changed.prospect_id
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

anchors as (
    select * from {{ ref('int_cycles_anchored') }}
),

windows as (
    select * from {{ source('config', 'attribution_windows') }}
),

-- A moment that lies after the entry is no part of how it came about.
entries as (
    select
        stage_entries.stage_entry_id,
        stage_entries.prospect_id,
        stage_entries.locale,
        stage_entries.business_line,
        stage_entries.stage,
        stage_entries.entered_at,
        stage_entries.entered_date,
        windows.half_life_days,
        {{ plus_days_of_24_hours('stage_entries.entered_at', '-windows.lookback_days') }} as lookback_from,
        case when anchors.lead_created_at <= stage_entries.entered_at then anchors.lead_created_at end
            as lead_created_at,
        case when anchors.deal_created_at <= stage_entries.entered_at then anchors.deal_created_at end
            as deal_created_at
    from stage_entries
    inner join windows on stage_entries.business_line = windows.business_line
    left join anchors
        on stage_entries.prospect_id = anchors.prospect_id
        and stage_entries.cycle = anchors.cycle
),

touched as (
    select
        entries.*,
        touchpoints.touchpoint_id,
        touchpoints.touched_at,
        touchpoints.channel,
        touchpoints.campaign,
        coalesce(touchpoints.landing_page, touchpoints.campaign) as content,
        case when touchpoints.channel <> 'Direct' then touchpoints.touched_at end as marketing_at,
        case when touchpoints.touched_at <= entries.lead_created_at then touchpoints.touched_at end as before_lead_at,
        case when touchpoints.touched_at <= entries.deal_created_at then touchpoints.touched_at end as before_deal_at
    from entries
    inner join touchpoints
        on entries.prospect_id = touchpoints.prospect_id
        and touchpoints.touched_at between entries.lookback_from and entries.entered_at
),

landmarks as (
    select
        *,
        row_number() over path as touch_number,
        lag(channel) over path as channel_before,
        row_number() over (partition by stage_entry_id, channel order by touched_at, campaign, touchpoint_id)
            as channel_touch_number,
        count(*) over (partition by stage_entry_id, channel) as channel_touch_count,
        count(*) over entry as touch_count,
        min(touched_at) over entry as first_touched_at,
        max(touched_at) over entry as last_touched_at,
        max(marketing_at) over entry as last_marketing_at,
        max(before_lead_at) over entry as lead_touched_at,
        max(before_deal_at) over entry as deal_touched_at
    from touched
    window
        entry as (partition by stage_entry_id),
        path as (partition by stage_entry_id order by touched_at, channel, campaign, touchpoint_id)
),

-- Exact decimals, so that no sum of them depends on the order it is made in.
final as (
    select
        stage_entry_id,
        prospect_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        channel,
        channel_before,
        campaign,
        content,
        touch_count,
        touch_number,
        channel_touch_count,
        channel_touch_number,
        cast({{ days_between('touched_at', 'entered_at') }} as decimal(9, 5)) as days_before,
        cast(power(2.0, -{{ days_between('touched_at', 'last_touched_at') }} / half_life_days) as decimal(16, 15))
            as recency,
        touched_at = first_touched_at as is_first,
        touched_at = last_touched_at as is_last,
        touched_at = coalesce(last_marketing_at, last_touched_at)
        and (last_marketing_at is null or channel <> 'Direct') as is_last_non_direct,
        coalesce(touched_at = lead_touched_at, false) as is_lead_creation,
        coalesce(touched_at = deal_touched_at, false) as is_deal_creation
    from landmarks
)

select * from final
