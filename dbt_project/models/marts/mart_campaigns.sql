-- What each campaign cost and brought, by month and market: a row a model that the market offers. What has a code
-- is one campaign however it is spelled. All it brought counts, in any business line; the line named is its code's.
{%- set people = {'first_identifier': 'lead', 'mql': 'mql', 'sql': 'sql', 'sale': 'sale'} %}
{%- set code_columns = [
    'campaign_code', 'has_valid_code', 'code_locale', 'business_line', 'code_year', 'code_quarter', 'code_type'
] %}
{%- set whole_columns = [
    'sessions', 'touchpoints', 'impressions', 'clicks', 'spend_local', 'spend_eur', 'spend_eur_constant'
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

-- What no model has a say in, worked out once for all of them.
whole as (
    select
        seen.*,
        coalesce(visited.sessions, 0) as sessions,
        coalesce(touched.touchpoints, 0) as touchpoints,
        cast(spent.impressions as bigint) as impressions,
        cast(spent.clicks as bigint) as clicks,
        {{ published_money('spent', 'spend') }},
        month_currencies.currency,
        currencies.minor_units,
        cast(spent.spend_local as double) as exact_local,
        cast(spent.spend_eur as double) as exact_eur
    from seen
    left join visited on {{ same('seen', 'visited', keys) }}
    left join touched on {{ same('seen', 'touched', keys) }}
    left join spent on seen.locale = spent.locale and seen.month = spent.month and seen.name = spent.campaign
    {{ join_month_currency('seen') }}
),

final as (
    select
        whole.locale,
        whole.month,
        offered.model,
        whole.name as campaign,
        {%- for column in code_columns %}
            read.{{ column }},
        {%- endfor %}
        {%- for column in whole_columns %}
            whole.{{ column }},
        {%- endfor %}
        {%- for one in people.values() %}
            cast(coalesce(credited.credited_{{ one }}s, 0) as decimal(38, 12)) as credited_{{ one }}s,
        {%- endfor %}
        {{ credited_money('credited', 'whole.minor_units') }},
        whole.currency,
        {%- for one in people.values() %}
            {{ money_ratio('whole', 'credited.credited_' ~ one ~ 's', 'cost_per_' ~ one) }},
        {%- endfor %}
        {{ money_ratio('whole', 'whole.clicks', 'cost_per_click') }},
        cast(whole.clicks / nullif(whole.impressions, 0) as decimal(38, 10)) as click_through_rate,
        cast(coalesce(credited.amount_eur, 0) / nullif(whole.exact_eur, 0) as decimal(38, 10)) as return_on_ad_spend
    from whole
    inner join {{ source('config', 'attribution_models') }} as offered on whole.locale = offered.locale
    left join read on whole.name = read.name
    left join credited on {{ same('whole', 'credited', keys) }} and offered.model = credited.model
)

select * from final
