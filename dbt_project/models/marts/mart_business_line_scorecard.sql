-- A row a business line and period, of each locale and of all together (`total`), ready to chart.
with

kpis as (
    select * from {{ ref('mart_kpi_period') }}
    where business_line <> 'all'
),

final as (
    select
        locale, business_line, period_type,
        period_start,
        period_end,
        as_of_date,
        is_complete,
        {{ scorecard_columns() }}
    from kpis
    group by locale, business_line, period_type, period_start, period_end, as_of_date, is_complete
)

select * from final
