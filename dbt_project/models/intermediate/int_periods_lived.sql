-- The periods each locale has been live in, with the days that their figures are of: of the period itself as far as it
-- has come (`own`), and where it is still running of as many days of the one before (`previous_period`) and of the same
-- one last year (`previous_year`).
with

locales as (
    select * from {{ ref('mart_locales') }}
    where as_of_date is not null
),

periods as (
    select * from {{ ref('int_periods') }}
),

met as (
    select distinct
        locales.locale,
        locales.as_of_date,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.previous_period_start,
        periods.previous_year_start
    from locales
    inner join periods on periods.date between locales.go_live_date and locales.as_of_date
),

-- A period that runs anywhere runs for the total, and there the locales where it is over count with all of it.
lived as (
    select
        *,
        max(period_end > as_of_date) over (partition by period_type, period_start) as is_running
    from met
),

final as (
    select
        *,
        'own' as span,
        period_start as first_date,
        least(period_end, as_of_date) as last_date
    from lived

    union all

    select
        *,
        'previous_period' as span,
        previous_period_start as first_date,
        cast(
            case
                when period_end <= as_of_date then {{ dbt.dateadd('day', -1, 'period_start') }}
                else
                    least(
                        {{ dbt.dateadd('day', dbt.datediff('period_start', 'as_of_date', 'day'),
                            'previous_period_start') }},
                        {{ dbt.dateadd('day', -1, 'period_start') }}
                    )
            end as date
        ) as last_date
    from lived
    where is_running

    union all

    select
        *,
        'previous_year' as span,
        previous_year_start as first_date,
        cast(
            case
                when period_type = 'week' then {{ dbt.dateadd('day', -364, 'least(period_end, as_of_date)') }}
                when period_end > as_of_date then {{ dbt.dateadd('month', -12, 'as_of_date') }}
                else {{ dbt.dateadd('day', -1, dbt.dateadd('month', -12, dbt.dateadd('day', 1, 'period_end'))) }}
            end as date
        ) as last_date
    from lived
    where is_running
)

select * from final -- noqa: AM04
