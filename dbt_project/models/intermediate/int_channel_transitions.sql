-- How often a path goes from one channel to the next, by locale and stage: the first-order chain of the Markov model.
-- The paths of stage entries end in the conversion. Those of prospects who have not entered the stage end in null, as
-- do those of visitors whom nobody knows.
with

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
    from {{ ref('int_paths_of_strangers') }}
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
    where touch_count > 0
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
