-- The measures of every (locale, business line, day) with something in it, from go-live to the as-of date; money
-- exact and unrounded. Each fact is summed by itself first: what is added up here are a few rows a day.
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

measured as (
    select * from {{ ref('int_measures_of_leads') }}
    union all
    select * from {{ ref('int_measures_of_deals') }}
    union all
    select * from {{ ref('int_measures_of_revenue') }}
    union all
    {{ measured('visits', ['sessions', 'page_views', 'engagement_seconds', 'codable_sessions', 'coded_sessions']) }}
    union all
    {{ measured('advertised', [
        'impressions', 'clicks', 'spend_local', 'spend_eur', 'spend_eur_constant', 'spend_eur_constant_next'
    ]) }}
    union all
    {{ measured('pipeline', ['pipeline_local', 'pipeline_eur', 'pipeline_eur_constant']) }}
),

final as (
    select
        measured.locale,
        measured.business_line,
        measured.date,
        {%- for name in daily_counts() %}
            cast(coalesce(sum(measured.{{ name }}), 0) as bigint) as {{ name }},
        {%- endfor %}
    {%- for name in daily_amounts() %}
        coalesce(sum(measured.{{ name }}), 0) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from measured
    inner join locales
        on measured.locale = locales.locale
        and measured.date between locales.go_live_date and locales.as_of_date
    group by measured.locale, measured.business_line, measured.date
)

select * from final
