-- Measures of every period, for each locale and `total`, each business line and `all`. Every combination of a live
-- locale has a row, so that nothing happened reads 0 and not nothing.
with

measures as (
    select * from {{ ref('int_measures_daily') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

lines as (
    select business_line from business_lines
    union
    select 'unmapped' as business_line
),

-- One zero row a live day and business line makes the grid; totals come from the same rows as their parts.
grid as (
    select
        locales.locale,
        lines.business_line,
        periods.date
    from locales
    inner join periods
        on periods.period_type = 'day'
        and periods.date between locales.go_live_date and locales.as_of_date
    cross join lines
),

filled as (
    select
        locale,
        business_line,
        grid.date,
        measures.sessions,
        measures.first_identifiers,
        measures.second_identifiers,
        measures.mqls,
        measures.sqls,
        measures.sales,
        measures.amount_local,
        measures.amount_eur,
        measures.amount_eur_constant
    from grid
    left join measures using (locale, business_line, date)
),

final as (
    select
        periods.period_type,
        periods.period_start,
        periods.period_end,
        coalesce(filled.locale, 'total') as locale,
        coalesce(filled.business_line, 'all') as business_line,
        coalesce(sum(filled.sessions), 0) as sessions,
        coalesce(sum(filled.first_identifiers), 0) as first_identifiers,
        coalesce(sum(filled.second_identifiers), 0) as second_identifiers,
        coalesce(sum(filled.mqls), 0) as mqls,
        coalesce(sum(filled.sqls), 0) as sqls,
        coalesce(sum(filled.sales), 0) as sales,
        case when grouping(filled.locale) = 0 then coalesce(sum(filled.amount_local), 0) end as amount_local,
        coalesce(sum(filled.amount_eur), 0) as amount_eur,
        coalesce(sum(filled.amount_eur_constant), 0) as amount_eur_constant
    from filled
    inner join periods on filled.date = periods.date
    group by
        grouping sets (
            (periods.period_type, periods.period_start, periods.period_end, filled.locale, filled.business_line),
            (periods.period_type, periods.period_start, periods.period_end, filled.locale),
            (periods.period_type, periods.period_start, periods.period_end, filled.business_line),
            (periods.period_type, periods.period_start, periods.period_end)
        )
)

select * from final
