-- A row a period, all locales together, ready to chart.
with

kpis as (
    select * from {{ ref('mart_kpi_period') }}
    where business_line = 'all' and locale = 'total'
),

final as (
    select
        period_type,
        period_start,
        period_end,
        as_of_date,
        is_complete,
        {{ scorecard_columns(has_local_amounts=false) }}
    from kpis
    group by period_type, period_start, period_end, as_of_date, is_complete
)

select * from final
