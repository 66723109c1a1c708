-- What each channel of a set of channels gets of an entry's credit by the Markov model, by locale and stage: in
-- proportion to its removal effect; equally, if none of them has any, as where nothing touched. Exact decimals that sum
-- to 1 in each set: the first channel takes what rounding leaves. Beside it the days that marts count of the locale:
-- all touches meet their share, and need not meet their locale as well.
with

members as (
    select * from {{ ref('int_channel_sets') }}
),

effects as (
    select * from {{ ref('int_channel_effects') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

weighed as (
    select
        members.share_key,
        members.set_key,
        members.is_first_channel,
        locales.go_live_date,
        locales.as_of_date,
        cast(effects.removal_effect as decimal(16, 15)) as effect
    from members
    left join effects
        on members.locale is not distinct from effects.locale
        and members.stage = effects.stage
        and members.channel = effects.channel
    left join locales on members.locale = locales.locale
),

rounded as (
    select
        *,
        cast(
            coalesce(effect / nullif(sum(effect) over channel_set, 0), 1.0 / count(*) over channel_set)
            as decimal(13, 12)
        ) as share
    from weighed
    window channel_set as (partition by set_key)
),

final as (
    select
        share_key,
        cast(
            share + case when is_first_channel then 1 - sum(share) over channel_set else 0 end as decimal(13, 12)
        ) as channel_share,
        go_live_date,
        as_of_date
    from rounded
    window channel_set as (partition by set_key)
)

select * from final
