-- A row a locale and period, ready to chart: the head KPIs with target and last year, and what else matters most.
with

kpis as (
    select * from {{ ref('mart_kpi_period') }}
    where business_line = 'all' and locale <> 'total'
),

final as (
    select
        locale, period_type,
        period_start,
        period_end,
        as_of_date,
        is_complete,
        {{ scorecard_columns() }}
    from kpis
    group by locale, period_type, period_start, period_end, as_of_date, is_complete
)

select * from final
