-- Every KPI by locale (and `total`), business line (and `all`) and day. A day has no row of what is divided by nothing.
with

kpis as (
    select * from {{ ref('int_kpis_by_period') }}
    where period_type = 'day' and value is not null
),

catalogue as (
    select * from {{ source('config', 'kpis') }}
),

quality as (
    select * from {{ ref('int_web_quality') }}
    where period_type = 'day'
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

final as (
    select
        kpis.locale,
        kpis.business_line,
        kpis.period_start as date,
        kpis.kpi,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        kpis.amount_local,
        kpis.currency,
        kpis.amount_eur,
        kpis.amount_eur_constant,
        catalogue.is_from_web and coalesce(kpis.period_start >= reaches.provisional_from_date, false) as is_provisional,
        catalogue.is_from_web and coalesce(quality.is_thresholded, false) as is_thresholded,
        catalogue.is_from_web and coalesce(quality.is_sampled, false) as is_sampled,
        catalogue.is_from_web and coalesce(quality.is_rolled_up, false) as is_rolled_up
    from kpis
    inner join catalogue on kpis.kpi = catalogue.kpi
    inner join reaches on kpis.locale = reaches.locale
    left join quality
        on kpis.locale = quality.locale
        and kpis.period_start = quality.period_start
)

select * from final
