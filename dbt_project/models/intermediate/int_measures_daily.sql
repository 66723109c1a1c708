-- The measures of every (locale, business line, day) with something in it, from go-live to the as-of date; money
-- exact and unrounded. Each fact is summed by itself first: what is put side by side here are a few rows a day.
with

visits as (
    select
        *,
        session_date as date
    from {{ ref('int_sessions_daily') }}
),

ads as (
    select * from {{ ref('fct_ads') }}
),

pipeline as (
    select * from {{ ref('int_pipeline_daily') }}
),

leads as (
    select * from {{ ref('int_measures_of_leads') }}
),

deals as (
    select * from {{ ref('int_measures_of_deals') }}
),

revenue as (
    select * from {{ ref('int_measures_of_revenue') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

advertised as (
    select
        locale,
        business_line,
        date,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(amount_local) as spend_local,
        sum(amount_eur) as spend_eur,
        sum(amount_eur_constant) as spend_eur_constant,
        sum(amount_eur_constant_next) as spend_eur_constant_next
    from ads
    group by locale, business_line, date
),

visits_summed as (
    {{ summed_by_day('visits') }}
),

advertised_summed as (
    {{ summed_by_day('advertised') }}
),

pipeline_summed as (
    {{ summed_by_day('pipeline') }}
),

leads_summed as (
    {{ summed_by_day('leads') }}
),

deals_summed as (
    {{ summed_by_day('deals') }}
),

revenue_summed as (
    {{ summed_by_day('revenue') }}
),

days as (
    {%- for relation in measures_by_relation() %}
        select
            locale,
            business_line,
            date
        from {{ relation }}_summed
        {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

final as (
    select
        days.locale,
        days.business_line,
        days.date,
        {%- for name in daily_counts() %}
            cast(coalesce({{ summed_measure(name) }}, 0) as bigint) as {{ name }},
        {%- endfor %}
    {%- for name in daily_amounts() %}
        coalesce({{ summed_measure(name) }}, 0) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from days
    inner join locales
        on days.locale = locales.locale
        and days.date between locales.go_live_date and locales.as_of_date
    {%- for relation in measures_by_relation() %}
        left join {{ relation }}_summed on {{ same('days', relation ~ '_summed', ['locale', 'business_line', 'date']) }}
    {%- endfor %}
)

select * from final
