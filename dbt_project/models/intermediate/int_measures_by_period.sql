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
        grid.locale,
        grid.business_line,
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
    left join measures
        on grid.locale = measures.locale
        and grid.business_line = measures.business_line
        and grid.date = measures.date
),

-- Every row counts for its own locale and for the total, for its own business line and for all of them.
levels as (
    select
        levels.is_total,
        levels.is_all
    from (
        values (false, false), (false, true), (true, false), (true, true)
    ) as levels (is_total, is_all)
),

levelled as (
    select
        filled.date,
        filled.sessions,
        filled.first_identifiers,
        filled.second_identifiers,
        filled.mqls,
        filled.sqls,
        filled.sales,
        filled.amount_eur,
        filled.amount_eur_constant,
        case when levels.is_total then 'total' else filled.locale end as locale,
        case when levels.is_all then 'all' else filled.business_line end as business_line,
        case when not levels.is_total then coalesce(filled.amount_local, 0) end as amount_local
    from filled
    cross join levels
),

final as (
    select
        periods.period_type,
        periods.period_start,
        periods.period_end,
        levelled.locale,
        levelled.business_line,
        coalesce(sum(levelled.sessions), 0) as sessions,
        coalesce(sum(levelled.first_identifiers), 0) as first_identifiers,
        coalesce(sum(levelled.second_identifiers), 0) as second_identifiers,
        coalesce(sum(levelled.mqls), 0) as mqls,
        coalesce(sum(levelled.sqls), 0) as sqls,
        coalesce(sum(levelled.sales), 0) as sales,
        sum(levelled.amount_local) as amount_local,
        coalesce(sum(levelled.amount_eur), 0) as amount_eur,
        coalesce(sum(levelled.amount_eur_constant), 0) as amount_eur_constant
    from levelled
    inner join periods on levelled.date = periods.date
    group by
        periods.period_type, periods.period_start, periods.period_end, levelled.locale, levelled.business_line
)

select * from final
