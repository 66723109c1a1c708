-- What became of the leads each campaign brought in, by the month in which they came in. A lead counts with the credit
-- that channel and campaign earned for it, by model, and so does everything that followed in the same trip.
{%- set keys = ['locale', 'business_line', 'month', 'channel', 'campaign'] %}

with

bought as (
    select * from {{ ref('int_leads_bought') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

-- A lead is as fast for a campaign that touched it thrice as for one that did so once.
qualified as (
    select distinct
        stage_entry_id,
        days_to_mql,
        days_to_sale,
        {{ keys | join(', ') }}
    from bought
    where is_mql
),

speeds as (
    select
        {{ keys | join(', ') }},
        cast({{ quantile('days_to_mql', 0.5) }} as decimal(18, 4)) as median_days_to_mql,
        cast({{ quantile('days_to_sale', 0.5) }} as decimal(18, 4)) as median_days_to_sale
    from qualified
    group by {{ keys | join(', ') }}
),

-- Leads with the same fate are summed before each model gets a row of its own; those that were won are few.
fates as (
    select
        {{ keys | join(', ') }},
        is_mql,
        is_sql,
        is_sale,
        is_disqualified,
    {% for model in attribution_models() -%}
        sum({{ model }}_credit) as {{ model }}_credit
        {{- "," if not loop.last }}
    {% endfor %}
    from bought
    group by locale, business_line, month, channel, campaign, is_mql, is_sql, is_sale, is_disqualified
),

credited_fates as (
    {{ credit_by_offered_model('fates') }}
),

credited_leads as (
    {{ credit_by_offered_model('bought') }}
),

summed as (
    select
        {{ keys | join(', ') }},
        model,
        sum(credit) as leads,
        sum(case when is_mql then credit else 0 end) as mqls,
        sum(case when is_sql then credit else 0 end) as sqls,
        sum(case when is_sale then credit else 0 end) as sales,
        sum(case when is_disqualified then credit else 0 end) as disqualified
    from credited_fates
    where credit <> 0
    group by locale, business_line, month, model, channel, campaign
),

worth as (
    select
        locale,
        business_line,
        month,
        model,
        channel,
        campaign,
        sum(cast(amount_local * credit as decimal(38, 12))) as amount_local,
        sum(cast(amount_eur * credit as decimal(38, 12))) as amount_eur,
        sum(cast(amount_eur_constant * credit as decimal(38, 12))) as amount_eur_constant
    from credited_leads
    where is_sale and credit <> 0
    group by locale, business_line, month, model, channel, campaign
),

final as (
    select
        summed.locale,
        summed.business_line,
        summed.month,
        summed.model,
        summed.channel,
        summed.campaign,
        {%- for measure in ['leads', 'mqls', 'sqls', 'sales', 'disqualified'] %}
            cast(summed.{{ measure }} as decimal(38, 12)) as credited_{{ measure }},
        {%- endfor %}
        speeds.median_days_to_mql,
        speeds.median_days_to_sale,
        {{ round_to_minor_units('coalesce(worth.amount_local, 0)', 'currencies.minor_units') }} as amount_local,
        locales.currency,
        {{ round_to_minor_units('coalesce(worth.amount_eur, 0)', '2') }} as amount_eur,
        {{ round_to_minor_units('coalesce(worth.amount_eur_constant, 0)', '2') }} as amount_eur_constant
    from summed
    inner join locales on summed.locale = locales.locale
    left join speeds on {{ same('summed', 'speeds', keys) }}
    left join worth on {{ same('summed', 'worth', keys + ['model']) }}
    left join currencies on locales.currency = currencies.currency
)

select * from final
