-- Every day with the periods it belongs to: itself, its ISO week, month, quarter and fiscal year.
with

locales as (
    select * from {{ ref('mart_locales') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

bounds as (
    select
        min(go_live_date) as first_date,
        max(as_of_date) as last_date
    from locales
    where as_of_date is not null
),

days as (
    select {{ each_day('first_date', 'last_date') }} as date
    from bounds
),

starts as (
    select
        date,
        'day' as period_type,
        date as period_start,
        1 as days,
        0 as months
    from days
    union all
    select
        date,
        'week' as period_type,
        cast({{ dbt.date_trunc('week', 'date') }} as date),
        7 as days,
        0 as months
    from days
    union all
    select
        date,
        'month' as period_type,
        {{ month_of('date') }},
        0 as days,
        1 as months
    from days
    union all
    select
        date,
        'quarter' as period_type,
        cast({{ dbt.date_trunc('quarter', 'date') }} as date),
        0 as days,
        3 as months
    from days
    union all
    select
        days.date,
        'fiscal_year' as period_type,
        {{ fiscal_year_start('days.date', 'build.fiscal_year_start_month') }},
        0 as days,
        12 as months
    from days
    cross join build
),

final as (
    select
        date,
        period_type,
        period_start,
        cast(
            {{ dbt.dateadd('day', 'days - 1', dbt.dateadd('month', 'months', 'period_start')) }} as date
        ) as period_end,
        cast(
            {{ dbt.dateadd('day', '-days', dbt.dateadd('month', '-months', 'period_start')) }} as date
        ) as previous_period_start,
        -- Days and weeks are compared with those of the same weekdays, 52 weeks before.
        cast(
            {{ dbt.dateadd('day', 'case when months = 0 then -364 else 0 end',
                dbt.dateadd('month', 'case when months = 0 then 0 else -12 end', 'period_start')) }} as date
        ) as previous_year_start
    from starts
)

select * from final
