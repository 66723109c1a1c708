-- Credit of every stage entry by every model: what looks at one path alone is kept, Markov's fit is of this build. A
-- channel's part of an entry's credit is shared by its touches, of which the first takes what rounding leaves.
{{ config(materialized='view') }}

with

credits as (
    select
        *,
        {{ number_of_values(['locale', 'stage', 'channel_set', 'channel']) }} as share_key,
        {{ credit_key(['channel', 'campaign'], month_of('entered_date')) }} as campaign_key,
        {{ credit_key(['content'], month_of('entered_date')) }} as content_key
    from {{ ref('fct_touch_credits') }}
),

shares as (
    select
        channel_share,
        {{ number_of_values(['locale', 'stage', 'channel_set', 'channel']) }} as share_key
    from {{ ref('int_channel_shares') }}
),

shared as (
    select
        credits.*,
        coalesce(shares.channel_share, 1) as channel_share,
        cast(coalesce(shares.channel_share, 1) / credits.channel_touch_count as decimal(13, 12)) as touch_share
    from credits
    left join shares on credits.share_key = shares.share_key
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
        campaign_key,
        content_key,
        {% for model in attribution_models_of_a_path() -%}
            {{ model }}_credit,
        {% endfor -%}
        -- Most touches are the only one of their channel, and dividing takes its time.
        case
            when channel_touch_count = 1 then channel_share
            when channel_touch_number = 1
                then cast(channel_share - (channel_touch_count - 1) * touch_share as decimal(13, 12))
            else touch_share
        end as markov_credit
    from shared
)

select * from final
