-- What each campaign cost and brought, by month, in every market where it was seen: a row a model of attribution that
-- the market offers. What has one of head office's codes is one campaign however it is spelled. Whatever it brought
-- counts, in all business lines; the one that is named is its code's.
{%- set people = {'first_identifier': 'lead', 'mql': 'mql', 'sql': 'sql', 'sale': 'sale'} %}
{%- set code_columns = [
    'campaign_code', 'has_valid_code', 'code_locale', 'business_line', 'code_year', 'code_quarter', 'code_type'
] %}
{%- set keys = ['locale', 'month', 'name'] %}

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
        campaign as name,
        cast(sum(sessions) as bigint) as sessions
    from {{ ref('int_campaigns_visited') }}
    where sessions > 0
    group by locale, month, campaign
),

spent as (
    {{ spend_by_month(['campaign']) }}
),

touched as (
    {{ touches_by_month('campaigns') }}
),

credited as (
    {{ credit_by_campaign('campaigns', people) }}
),

-- Google's own words for what is no campaign have a row only where money was spent on them.
seen as (
    {%- for relation in ['visited', 'touched', 'credited'] %}
        select {{ keys | join(', ') }} from {{ relation }}
        where name not like '(%)'
        union
    {%- endfor %}
    select
        locale,
        month,
        campaign as name
    from spent
),

read as (
    select distinct
        name,
        campaign_code,
        has_valid_code,
        locale as code_locale,
        coalesce(business_line, 'unmapped') as business_line,
        code_year,
        code_quarter,
        code_type
    from campaigns
),

final as (
    select
        seen.locale,
        seen.month,
        offered.model,
        seen.name as campaign,
        {%- for column in code_columns %}
            read.{{ column }},
        {%- endfor %}
        coalesce(visited.sessions, 0) as sessions,
        coalesce(touched.touchpoints, 0) as touchpoints,
        cast(spent.impressions as bigint) as impressions,
        cast(spent.clicks as bigint) as clicks,
        {{ published_money('spent', 'spend') }},
        {%- for one in people.values() %}
            cast(coalesce(credited.credited_{{ one }}s, 0) as decimal(38, 12)) as credited_{{ one }}s,
        {%- endfor %}
        {{ published_money('credited', 'amount', '0') }},
        month_currencies.currency,
        {%- for one in people.values() %}
            {{ money_ratio('spent.spend', 'credited.credited_' ~ one ~ 's', 'cost_per_' ~ one) }},
        {%- endfor %}
        {{ money_ratio('spent.spend', 'spent.clicks', 'cost_per_click') }},
        cast(spent.clicks / nullif(spent.impressions, 0) as decimal(38, 10)) as click_through_rate,
        cast(coalesce(credited.amount_eur, 0) / nullif(spent.spend_eur, 0) as decimal(38, 10)) as return_on_ad_spend
    from seen
    inner join {{ source('config', 'attribution_models') }} as offered on seen.locale = offered.locale
    left join read on seen.name = read.name
    left join visited on {{ same('seen', 'visited', keys) }}
    left join touched on {{ same('seen', 'touched', keys) }}
    left join spent on seen.locale = spent.locale and seen.month = spent.month and seen.name = spent.campaign
    left join credited on {{ same('seen', 'credited', keys) }} and offered.model = credited.model
    {{ join_month_currency('seen') }}
)

select * from final
