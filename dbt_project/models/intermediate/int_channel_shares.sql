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

-- Sets are told apart by one number, which is faster than by three columns.
weighed as (
    select
        members.*,
        {{ number_of_values(['members.locale', 'members.stage', 'members.channel_set']) }} as set_key,
        cast(effects.removal_effect as decimal(16, 15)) as effect
    from members
    inner join effects
        on members.locale is not distinct from effects.locale
        and members.stage = effects.stage
        and members.channel = effects.channel
),

sets as (
    select
        set_key,
        sum(effect) as effect,
        count(*) as channels,
        min(channel) as first_channel
    from weighed
    group by set_key
),

rounded as (
    select
        weighed.*,
        cast(coalesce(weighed.effect / nullif(sets.effect, 0), 1.0 / sets.channels) as decimal(13, 12)) as share,
        weighed.channel = sets.first_channel as is_first
    from weighed
    inner join sets on weighed.set_key = sets.set_key
),

rests as (
    select
        set_key,
        1 - sum(share) as share
    from rounded
    group by set_key
),

final as (
    select
        rounded.locale,
        rounded.stage,
        rounded.channel_set,
        rounded.channel,
        cast(
            rounded.share + case when rounded.is_first then rests.share else 0 end as decimal(13, 12)
        ) as channel_share
    from rounded
    inner join rests on rounded.set_key = rests.set_key
)

select * from final
