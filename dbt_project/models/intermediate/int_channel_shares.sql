-- What each channel of a set of channels gets of an entry's credit by the Markov model, by locale and stage: in
-- proportion to its removal effect; equally, if none of them has any. Exact decimals that sum to 1 in each set: the
-- first channel takes what rounding leaves.
with

touches as (
    select * from {{ ref('fct_touch_credits') }}
    where channel_touch_number = 1 and touchpoint_id is not null
),

effects as (
    select * from {{ ref('int_channel_effects') }}
),

members as (
    select distinct
        locale,
        stage,
        channel_set,
        channel
    from touches
),

weighed as (
    select
        members.*,
        cast(effects.removal_effect as decimal(16, 15)) as effect
    from members
    inner join effects
        on members.locale is not distinct from effects.locale
        and members.stage = effects.stage
        and members.channel = effects.channel
),

rounded as (
    select
        *,
        cast(
            coalesce(effect / nullif(sum(effect) over members_of, 0), 1.0 / count(*) over members_of)
            as decimal(13, 12)
        ) as share,
        row_number() over (partition by locale, stage, channel_set order by channel) as member_number
    from weighed
    window members_of as (partition by locale, stage, channel_set)
),

final as (
    select
        locale,
        stage,
        channel_set,
        channel,
        cast(
            share + case member_number
                when 1 then 1 - sum(share) over (partition by locale, stage, channel_set)
                else 0
            end as decimal(13, 12)
        ) as channel_share
    from rounded
)

select * from final
