-- Every KPI by locale (and `total`), business line (and `all`) and day.
with

kpis as (
    select * from {{ ref('int_kpis_by_period') }}
),

final as (
    select
        locale,
        business_line,
        period_start as date,
        kpi,
        numerator,
        denominator,
        value,
        amount_local,
        amount_eur,
        amount_eur_constant
    from kpis
    where period_type = 'day'
)

select * from final
