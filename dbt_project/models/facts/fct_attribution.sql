-- Credit of every stage entry by every model: what looks at one path alone is kept, Markov's fit is of this build.
{{ config(materialized='view') }}

with

credits as (
    select * from {{ ref('fct_touch_credits') }}
),

shares as (
    select * from {{ ref('int_channel_shares') }}
),

final as (
    select
        credits.stage_entry_id,
        credits.prospect_id,
        credits.prospect_number,
        credits.locale,
        credits.business_line,
        credits.stage,
        credits.entered_date,
        credits.touchpoint_id,
        credits.touch_number,
        credits.channel,
        credits.campaign,
        credits.content,
        credits.campaign_key,
        credits.content_key,
        {% for model in attribution_models_of_a_path() -%}
            credits.{{ model }}_credit,
        {% endfor -%}
        {{ markov_credit('credits', 'shares') }} as markov_credit,
        credits.entered_date between shares.go_live_date and shares.as_of_date as is_counted
    from credits
    left join shares on credits.share_key = shares.share_key
)

select * from final
