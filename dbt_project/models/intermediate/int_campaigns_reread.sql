-- The days on which there is anything of a campaign whose name or code is read otherwise than by the last build.
{{ config(materialized='view') }}
{%- set facts = {
    'fct_web_sessions': 'session_date',
    'fct_ads': 'date',
    'fct_touchpoints': 'touched_date',
    'fct_touch_credits': 'entered_date',
} %}

with

changed as (
    select * from {{ ref('int_campaigns_named') }}
    where has_changed
),

final as (
    {%- for fact, date in facts.items() %}
        select
            rows_of.locale,
            rows_of.{{ date }} as seen_date,
            changed.campaign,
            changed.reading
        from {{ ref(fact) }} as rows_of
        inner join changed on rows_of.campaign = changed.campaign
        {% if not loop.last %}union{% endif %}
    {%- endfor %}
)

select * from final
