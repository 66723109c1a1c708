-- What no model has a say in of each campaign, by month and market: how it was visited and touched, and what it cost.
-- What has a code is one campaign however it is spelled. Kept by month.
{%- set facts = ['int_web_days_landed', 'fct_ads', 'fct_touchpoints', 'fct_touch_credits', 'int_campaigns_reread'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}
{%- set keys = ['locale', 'month', 'campaign'] %}

with

campaigns as (
    select
        *,
        coalesce(campaign_code, campaign) as name
    from {{ ref('dim_campaigns') }}
),

visited as (
    select
        locale,
        month,
        campaign,
        cast(sum(sessions) as bigint) as sessions
    from {{ ref('int_campaigns_visited') }}
    where sessions > 0 and {{ is_of_changed_month(facts, 'locale', 'month') }}
    group by locale, month, campaign
),

spent as (
    {{ spend_by_month(['campaign'], facts) }}
),

touched as (
    {{ touches_by_month('campaigns', facts) }}
),

credited as (
    select
        credits.locale,
        credits.month,
        campaigns.name as campaign
    from {{ ref('int_campaigns_credited') }} as credits
    inner join campaigns on credits.campaign = campaigns.campaign
    where campaigns.is_campaign and {{ is_of_changed_month(facts, 'credits.locale', 'credits.month') }}
),

-- Google's own words for what is no campaign have a row only where money was spent on them.
seen as (
    {%- for relation in ['visited', 'touched', 'credited'] %}
        select {{ keys | join(', ') }} from {{ relation }}
        where campaign not like '(%)'
        union
    {%- endfor %}
    select {{ keys | join(', ') }} from spent
),

final as (
    select
        seen.*,
        coalesce(visited.sessions, 0) as sessions,
        coalesce(touched.touchpoints, 0) as touchpoints,
        cast(spent.impressions as bigint) as impressions,
        cast(spent.clicks as bigint) as clicks,
        {{ published_money('spent', 'spend') }},
        cast(spent.spend_local as double) as exact_local,
        cast(spent.spend_eur as double) as exact_eur
    from seen
    left join visited on {{ same('seen', 'visited', keys) }}
    left join touched on {{ same('seen', 'touched', keys) }}
    left join spent on {{ same('seen', 'spent', keys) }}
    {{ join_month_currency('seen') }}
)

select * from final
