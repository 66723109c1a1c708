-- Paths that have not led to a stage so far: of prospects who have not entered it in their latest cycle, and of
-- visitors whom nobody knows, for every stage. Such a path ends at its last touch and reaches back the lookback from
-- there.
with

stage_entries as (
    select * from {{ ref('fct_stage_entries') }}
),

touchpoints as (
    select * from {{ ref('fct_touchpoints') }}
),

visits as (
    select * from {{ ref('int_visits_linked') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

stages as (
    select
        stages.stage,
        stages.stage_rank
    from {{ funnel_stages() }}
),

ranked as (
    select
        stage_entries.prospect_id,
        stage_entries.locale,
        stages.stage_rank,
        row_number() over (
            partition by stage_entries.prospect_id
            order by stage_entries.cycle desc, stages.stage_rank desc
        ) as choice
    from stage_entries
    inner join stages on stage_entries.stage = stages.stage
),

touches as (
    select
        ranked.locale,
        ranked.stage_rank as reached_rank,
        touchpoints.prospect_id as path_id,
        touchpoints.touchpoint_id,
        touchpoints.touched_at,
        touchpoints.channel,
        touchpoints.campaign
    from touchpoints
    inner join ranked
        on touchpoints.prospect_id = ranked.prospect_id
        and ranked.choice = 1

    union all

    select
        locale,
        0 as reached_rank,
        visitor_key as path_id,
        touchpoint_id,
        touched_at,
        channel,
        campaign
    from visits
    where prospect_id is null
),

recent as (
    select
        touches.*,
        max(touches.touched_at) over (partition by touches.locale, touches.path_id) as last_touched_at,
        build.attribution_lookback_days
    from touches
    cross join build
),

final as (
    select
        recent.locale,
        stages.stage,
        recent.path_id,
        row_number() over (
            partition by recent.locale, stages.stage, recent.path_id
            order by recent.touched_at, recent.channel, recent.campaign, recent.touchpoint_id
        ) as step,
        recent.channel
    from recent
    inner join stages on recent.reached_rank < stages.stage_rank
    where recent.touched_at
        >= {{ plus_days_of_24_hours('recent.last_touched_at', '-recent.attribution_lookback_days') }}
)

select * from final
