-- Every day of every locale from its go-live to the end of the fiscal year it is in: ISO and fiscal periods, and
-- whether the country works.
with

locales as (
    select * from {{ source('config', 'locales') }}
),

reached as (
    select * from {{ ref('mart_locales') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

holidays as (
    select * from {{ source('config', 'holidays') }}
),

spans as (
    select
        locales.locale,
        locales.first_weekend_day,
        locales.last_weekend_day,
        build.fiscal_year_start_month,
        locales.go_live_date as first_date,
        cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 12,
            fiscal_year_start('reached.expected_as_of_date', 'build.fiscal_year_start_month'))) }} as date) as last_date
    from locales
    inner join reached on locales.locale = reached.locale
    cross join build
),

days as (
    select
        locale,
        first_weekend_day,
        last_weekend_day,
        fiscal_year_start_month,
        {{ each_day('first_date', 'last_date') }} as date
    from spans
    where first_date <= last_date
),

-- An ISO year is that of its week's Thursday.
started as (
    select
        *,
        cast({{ dbt.date_trunc('week', 'date') }} as date) as week_start,
        {{ month_of('date') }} as month_start,
        cast({{ dbt.date_trunc('quarter', 'date') }} as date) as quarter_start,
        {{ fiscal_year_start('date', 'fiscal_year_start_month') }} as fiscal_year_start
    from days
),

numbered as (
    select
        *,
        {{ dbt.datediff('week_start', 'date', 'day') }}
        + 1 as iso_weekday,
        (extract(month from date) - fiscal_year_start_month + 12) % 12 + 1 as fiscal_period
    from started
),

final as (
    select
        numbered.locale,
        numbered.date,
        cast(extract(year from {{ dbt.dateadd('day', 3, 'numbered.week_start') }}) as integer) as iso_year,
        cast(extract(week from numbered.date) as integer) as iso_week,
        cast(numbered.iso_weekday as integer) as iso_weekday,
        numbered.week_start,
        numbered.month_start,
        numbered.quarter_start,
        cast(extract(year from numbered.fiscal_year_start) as integer) as fiscal_year,
        cast(floor((numbered.fiscal_period - 1) / 3) + 1 as integer) as fiscal_quarter,
        cast(numbered.fiscal_period as integer) as fiscal_period,
        numbered.iso_weekday between numbered.first_weekend_day and numbered.last_weekend_day as is_weekend,
        holidays.holiday_date is not null as is_holiday,
        holidays.holiday_name,
        holidays.holiday_date is null
        and numbered.iso_weekday not between numbered.first_weekend_day and numbered.last_weekend_day as is_working_day
    from numbered
    left join holidays
        on numbered.locale = holidays.locale
        and numbered.date = holidays.holiday_date
)

select * from final
