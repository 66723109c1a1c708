-- How often a path goes from one channel to the next, by locale and stage: the first-order chain of the Markov model.
-- A path is the channels of a stage entry's touches, oldest first; who has not entered the stage ends in `null`: a
-- prospect's path then ends at the last touch, as does that of a visitor whom nobody knows.
with

touched as (
    select * from {{ ref('int_stage_entries_touched') }}
),

strays as (
    select * from {{ ref('int_paths_unconverted') }}
),

steps as (
    select
        locale,
        stage,
        stage_entry_id as path_id,
        touch_number as step,
        channel,
        true as is_converted
    from touched
    where touchpoint_id is not null

    union all

    select
        locale,
        stage,
        path_id,
        step,
        channel,
        false as is_converted
    from strays
),

neighbours as (
    select
        *,
        lag(channel) over path as channel_before,
        lead(channel) over path as channel_after
    from steps
    window path as (partition by locale, stage, path_id order by step)
),

transitions as (
    select
        locale,
        stage,
        coalesce(channel_before, '(start)') as from_state,
        channel as to_state
    from neighbours

    union all

    select
        locale,
        stage,
        channel as from_state,
        case when is_converted then '(conversion)' else '(null)' end as to_state
    from neighbours
    where channel_after is null
),

final as (
    select
        locale,
        stage,
        from_state,
        to_state,
        count(*) as transitions
    from transitions
    group by locale, stage, from_state, to_state
)

select * from final
