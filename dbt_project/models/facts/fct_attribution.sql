-- Credit of every stage entry by every model: what looks at one path alone is kept, Markov's fit is of this build. A
-- channel's part of an entry's credit is shared by its touches, of which the first takes what rounding leaves.
{{ config(materialized='view') }}

with

credits as (
    select * from {{ ref('fct_touch_credits') }}
),

shares as (
    select * from {{ ref('int_channel_shares') }}
),

shared as (
    select
        credits.*,
        coalesce(shares.channel_share, 1) as channel_share,
        cast(coalesce(shares.channel_share, 1) / credits.channel_touch_count as decimal(13, 12)) as touch_share
    from credits
    left join shares
        on credits.locale is not distinct from shares.locale
        and credits.stage = shares.stage
        and credits.channel_set = shares.channel_set
        and credits.channel = shares.channel
),

final as (
    select
        stage_entry_id,
        prospect_id,
        locale,
        business_line,
        stage,
        entered_date,
        touchpoint_id,
        touch_number,
        channel,
        campaign,
        content,
        {% for model in attribution_models_of_a_path() -%}
            {{ model }}_credit,
        {% endfor -%}
        cast(
            case channel_touch_number
                when 1 then channel_share - (channel_touch_count - 1) * touch_share
                else touch_share
            end as decimal(13, 12)
        ) as markov_credit
    from shared
)

select * from final
