-- What became of the leads each campaign brought in, by the month in which they came in. A lead counts with the credit
-- that channel and campaign earned for it, by model, and so does everything that followed in the same trip. Kept by
-- month, but for the credit by Markov, whose fit is of every build.
{%- set facts = ['leads_progressed', 'fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook=["{{ forget_markov() }}", "{{ forget_changed_months(" ~ facts ~ ") }}"]
    )
}}
{%- set fates = ['is_mql', 'is_sql', 'is_sale', 'is_disqualified'] %}

with

bought as (
    select bought.*
    from {{ ref('int_leads_bought') }} as bought
    {{ changed_days('bought', 'entered_date', facts) }}
),

all_bought as (
    select
        bought.*,
        {{ markov_credit('bought', 'shares') }} as markov_credit
    from {{ ref('int_leads_bought') }} as bought
    left join {{ ref('int_channel_shares') }} as shares on bought.share_key = shares.share_key
),

campaigns as (
    select * from {{ ref('int_campaigns_credited') }}
),

speeds as (
    select * from {{ ref('int_lead_speeds') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

-- Leads with the same fate are summed before each model gets a row of its own.
by_path as (
    {{ credit_of_leads('bought', attribution_models_of_a_path(), ['locale', 'campaign_key'] + fates) }}
),

by_markov as (
    {{ credit_of_leads('all_bought', ['markov'], ['locale', 'campaign_key'] + fates) }}
),

credited as (
    {{ by_offered_model('by_path', ['campaign_key'] + fates, attribution_models_of_a_path()) }}
    union all
    {{ by_offered_model('by_markov', ['campaign_key'] + fates, ['markov']) }}
),

summed as (
    select
        campaign_key,
        model,
        sum(credit) as leads,
        sum(case when is_mql then credit else 0 end) as mqls,
        sum(case when is_sql then credit else 0 end) as sqls,
        sum(case when is_sale then credit else 0 end) as sales,
        sum(case when is_disqualified then credit else 0 end) as disqualified,
        coalesce(sum(amount_local), 0) as amount_local,
        coalesce(sum(amount_eur), 0) as amount_eur,
        coalesce(sum(amount_eur_constant), 0) as amount_eur_constant
    from credited
    where credit <> 0
    group by campaign_key, model
),

final as (
    select
        campaigns.locale,
        campaigns.business_line,
        campaigns.month,
        summed.model,
        campaigns.channel,
        campaigns.campaign,
        {%- for measure in ['leads', 'mqls', 'sqls', 'sales', 'disqualified'] %}
            cast(summed.{{ measure }} as decimal(38, 12)) as credited_{{ measure }},
        {%- endfor %}
        speeds.median_days_to_mql,
        speeds.median_days_to_sale,
        {{ credited_money('summed', 'currencies.minor_units') }},
        locales.currency
    from summed
    inner join campaigns on summed.campaign_key = campaigns.campaign_key
    inner join locales on campaigns.locale = locales.locale
    left join speeds on summed.campaign_key = speeds.campaign_key
    left join currencies on locales.currency = currencies.currency
)

select * from final
{{ in_order_of("model = 'markov', month") }}
