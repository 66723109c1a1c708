-- What each campaign cost and brought, by month and market: a row a model that the market offers. What has a code
-- is one campaign however it is spelled. All it brought counts, in any business line; the line named is its code's.
-- Kept by month, but for the credit by Markov, whose fit is of every build.
{%- set facts = [
    'int_web_days_landed', 'fct_ads', 'fct_touchpoints', 'fct_touch_credits', 'int_campaigns_reread', 'fct_deals'
] %}
{{
    config(
        materialized='incremental',
        pre_hook=["{{ forget_markov() }}", "{{ forget_changed_months(" ~ facts ~ ") }}"]
    )
}}
{%- set people = {'first_identifier': 'lead', 'mql': 'mql', 'sql': 'sql', 'sale': 'sale'} %}
{%- set code_columns = [
    'campaign_code', 'has_valid_code', 'code_locale', 'business_line', 'code_year', 'code_quarter', 'code_type'
] %}
{%- set counted_columns = [
    'sessions', 'touchpoints', 'impressions', 'clicks', 'spend_local', 'spend_eur', 'spend_eur_constant'
] %}

with

campaigns as (
    select
        *,
        coalesce(campaign_code, campaign) as name
    from {{ ref('dim_campaigns') }}
),

counted as (
    select
        counted.*,
        month_currencies.currency,
        currencies.minor_units,
        {{ is_of_changed_month(facts, 'counted.locale', 'counted.month') }} as is_of_changed_month
    from {{ ref('int_campaigns_counted') }} as counted
    {{ join_month_currency('counted') }}
),

credited as (
    {{ credit_by_campaign('campaigns', people, facts) }}
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
        counted.locale,
        counted.month,
        offered.model,
        counted.campaign,
        {%- for column in code_columns %}
            read.{{ column }},
        {%- endfor %}
        {%- for column in counted_columns %}
            counted.{{ column }},
        {%- endfor %}
        {%- for one in people.values() %}
            cast(coalesce(credited.credited_{{ one }}s, 0) as decimal(38, 12)) as credited_{{ one }}s,
        {%- endfor %}
        {{ credited_money('credited', 'counted.minor_units') }},
        counted.currency,
        {%- for one in people.values() %}
            {{ money_ratio('counted', 'credited.credited_' ~ one ~ 's', 'cost_per_' ~ one) }},
        {%- endfor %}
        {{ money_ratio('counted', 'counted.clicks', 'cost_per_click') }},
        cast(counted.clicks / nullif(counted.impressions, 0) as decimal(38, 10)) as click_through_rate,
        case
            when counted.exact_eur is not null
                then cast(coalesce(credited.amount_eur, 0) / nullif(counted.exact_eur, 0) as decimal(38, 10))
        end as return_on_ad_spend
    from counted
    inner join {{ source('config', 'attribution_models') }} as offered on counted.locale = offered.locale
    left join read on counted.campaign = read.name
    left join credited
        on {{ same('counted', 'credited', ['locale', 'month', 'campaign']) }}
        and offered.model = credited.model
    where offered.model = 'markov' or counted.is_of_changed_month
)

select * from final
{{ in_order_of("model = 'markov', month") }}
