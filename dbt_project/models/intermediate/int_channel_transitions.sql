-- How often a path goes from one channel to the next, by locale and stage: the first-order chain of the Markov model.
-- The paths of stage entries end in the conversion. Those of prospects who have not entered the stage end in null, as
-- do those of visitors whom nobody knows, which end at the visitor's last visit and reach back the lookback from there.
with

visits as (
    select
        *,
        max(touched_at) over (partition by locale, visitor_key) as last_touched_at
    from {{ ref('int_visits_linked') }}
    where prospect_id is null
),

strangers as (
    select
        visits.locale,
        lag(visits.channel) over path as channel_before,
        visits.channel,
        lead(visits.touchpoint_id) over path is null as is_last
    from visits
    inner join {{ source('config', 'attribution_windows') }} as windows on windows.business_line = 'unmapped'
    where visits.touched_at >= {{ plus_days_of_24_hours('visits.last_touched_at', '-windows.lookback_days') }}
    window path as (
        partition by visits.locale, visits.visitor_key
        order by visits.touched_at, visits.channel, visits.campaign, visits.touchpoint_id
    )
),

wanderers as (
    select
        locale,
        reached_rank,
        channel_before,
        channel,
        is_last
    from {{ ref('int_paths_unconverted') }}

    union all

    select
        locale,
        0 as reached_rank,
        channel_before,
        channel,
        is_last
    from strangers
),

-- Grouped before a path that led nowhere is counted for every stage it did not lead to.
astray as (
    select
        *,
        count(*) as steps
    from wanderers
    group by locale, reached_rank, channel_before, channel, is_last
),

steps as (
    select
        locale,
        stage,
        channel_before,
        channel,
        touch_number = touch_count as is_last,
        '(conversion)' as end_state,
        count(*) as steps
    from {{ ref('fct_touch_credits') }}
    where touchpoint_id is not null
    group by locale, stage, channel_before, channel, touch_number = touch_count

    union all

    select
        astray.locale,
        stages.stage,
        astray.channel_before,
        astray.channel,
        astray.is_last,
        '(null)' as end_state,
        astray.steps
    from astray
    inner join {{ funnel_stages() }} on astray.reached_rank < stages.stage_rank
),

transitions as (
    select
        locale,
        stage,
        coalesce(channel_before, '(start)') as from_state,
        channel as to_state,
        steps
    from steps

    union all

    select
        locale,
        stage,
        channel as from_state,
        end_state as to_state,
        steps
    from steps
    where is_last
),

final as (
    select
        locale,
        stage,
        from_state,
        to_state,
        cast(sum(steps) as bigint) as transitions
    from transitions
    group by locale, stage, from_state, to_state
)

select * from final
