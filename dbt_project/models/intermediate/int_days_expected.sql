-- How much of a KPI that has targets is to be expected on each day of each locale's calendar. A day weighs what its
-- weekday was worth in the locale in the last 52 weeks, a holiday what holidays were (weekends, until there were
-- three). Nothing is known of a locale that has been live for less than four weeks, or has nothing to show.
with

targets as (
    select * from {{ ref('int_targets_resolved') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

kpis as (
    select * from {{ ref('int_kpis_by_period') }}
    where
        period_type = 'day'
        and business_line = 'all'
        and period_start > (
            select cast({{ dbt.dateadd('day', -364, 'min(locales.as_of_date)') }} as date) from locales
        )
),

settings as (
    select * from {{ source('config', 'locales') }}
),

bases as (
    select distinct
        kpi,
        money_basis
    from targets
    where
        period_end > as_of_date
        and is_paced
),

calendar as (
    select
        calendar.*,
        locales.as_of_date,
        case when calendar.is_holiday and not calendar.is_weekend then 8 else calendar.iso_weekday end as day_kind
    from {{ ref('dim_calendar') }} as calendar
    inner join locales on calendar.locale = locales.locale
    inner join settings on calendar.locale = settings.locale
    where calendar.date <= coalesce(settings.closed_date, cast('9999-12-31' as date))
),

last_year as (
    select
        kpis.locale,
        kpis.kpi,
        bases.money_basis,
        calendar.day_kind,
        count({{ measured_in_basis('kpis', 'bases.money_basis') }}) as days,
        count(
            case when calendar.is_weekend then {{ measured_in_basis('kpis', 'bases.money_basis') }} end
        ) as weekend_days,
        sum({{ measured_in_basis('kpis', 'bases.money_basis') }}) as numerator,
        sum(kpis.denominator) as denominator
    from kpis
    inner join bases on kpis.kpi = bases.kpi
    inner join calendar
        on kpis.locale = calendar.locale
        and kpis.period_start = calendar.date
    where
        kpis.period_start <= calendar.as_of_date
        and kpis.period_start > {{ dbt.dateadd('day', -364, 'calendar.as_of_date') }}
    group by kpis.locale, kpis.kpi, bases.money_basis, calendar.day_kind
),

weekends as (
    select
        locale,
        kpi,
        money_basis,
        cast(sum(case when weekend_days > 0 then numerator end) as double)
        / nullif(sum(weekend_days), 0) as numerator,
        cast(sum(case when weekend_days > 0 then denominator end) as double)
        / nullif(sum(weekend_days), 0) as denominator
    from last_year
    group by locale, kpi, money_basis
    having sum(days) >= 28 and sum(numerator) > 0
),

final as (
    select
        calendar.locale,
        calendar.date,
        weekends.kpi,
        weekends.money_basis,
        case
            when calendar.day_kind = 8 and coalesce(last_year.days, 0) < 3 then weekends.numerator
            else cast(last_year.numerator as double) / nullif(last_year.days, 0)
        end as expected_numerator,
        case
            when calendar.day_kind = 8 and coalesce(last_year.days, 0) < 3 then weekends.denominator
            else cast(last_year.denominator as double) / nullif(last_year.days, 0)
        end as expected_denominator
    from calendar
    inner join weekends on calendar.locale = weekends.locale
    left join last_year
        on weekends.locale = last_year.locale
        and weekends.kpi = last_year.kpi
        and weekends.money_basis = last_year.money_basis
        and calendar.day_kind = last_year.day_kind
)

select * from final
