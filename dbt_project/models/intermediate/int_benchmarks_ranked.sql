-- Whole periods of every locale beside its own period before, or of the year before, and its place among the locales
-- that were live for the whole of both. Money is at budget rates. A rate has a place where it is of enough, in both.
{{ config(materialized='view') }}

with

kpis as (
    select * from {{ source('config', 'kpis') }}
),

kpi_periods as (
    select * from {{ ref('mart_kpi_period') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

settings as (
    select * from {{ source('config', 'benchmark_settings') }}
),

comparisons as (
    select
        comparisons.comparison,
        comparisons.period_type,
        comparisons.months_before
    from (
        values
        ('previous_period', 'month', 1),
        ('previous_period', 'quarter', 3),
        ('previous_year', 'month', 12),
        ('previous_year', 'quarter', 12),
        ('previous_year', 'fiscal_year', 12)
    ) as comparisons (comparison, period_type, months_before)
),

-- More is better, or less is: of the score, more always is.
figures as (
    select
        kpi_periods.locale,
        kpi_periods.business_line,
        kpi_periods.period_type,
        kpi_periods.period_start,
        kpi_periods.period_end,
        kpi_periods.kpi,
        case when kpis.denominator is not null then kpis.numerator end as numerator,
        kpi_periods.denominator,
        case when kpis.direction = 'down' then -1 else 1 end as sign,
        case
            when kpis.unit = 'money' then cast(kpi_periods.amount_eur_constant as decimal(38, 10))
            else kpi_periods.value
        end as value,
        coalesce(kpi_periods.denominator >= settings.minimum_denominator, true) as is_of_enough
    from kpi_periods
    inner join kpis on kpi_periods.kpi = kpis.kpi
    inner join locales
        on kpi_periods.locale = locales.locale
        and kpi_periods.period_start >= locales.go_live_date
    cross join settings
    where kpi_periods.period_type in ('month', 'quarter', 'fiscal_year') and kpi_periods.is_complete
),

dated as (
    select
        figures.*,
        comparisons.comparison,
        cast({{ dbt.dateadd('month', '-comparisons.months_before', 'figures.period_start') }} as date)
            as earlier_start
    from figures
    inner join comparisons on figures.period_type = comparisons.period_type
),

paired as (
    select
        dated.*,
        earlier.value as earlier_value,
        case
            when earlier.locale is null then 'not_live_before'
            when dated.value is null or earlier.value is null then 'no_value'
            when not dated.is_of_enough or not earlier.is_of_enough then 'too_few'
        end as reason_not_compared
    from dated
    left join figures as earlier
        on dated.locale = earlier.locale
        and dated.business_line = earlier.business_line
        and dated.period_type = earlier.period_type
        and dated.earlier_start = earlier.period_start
        and dated.kpi = earlier.kpi
),

-- Locales are compared that share a `comparison_id`; what a locale sold is what its rates lead to.
final as (
    select
        *,
        concat_ws('/', comparison, business_line, period_type, period_start, kpi) as comparison_id,
        reason_not_compared is null as is_compared,
        cast(value / nullif(earlier_value, 0) - 1 as decimal(38, 10)) as growth_rate,
        case when reason_not_compared is null then rank() over (places order by sign * value desc) end as value_rank,
        case when reason_not_compared is null then rank() over (places order by sign * earlier_value desc) end
            as earlier_rank,
        max(case when kpi = 'sales' then value end) over own_kpis as sales,
        max(case when kpi = 'sales_amount' then value end) over own_kpis as amount_eur_constant
    from paired
    window
        places as (partition by comparison, business_line, period_type, period_start, kpi, reason_not_compared is null),
        own_kpis as (partition by comparison, business_line, period_type, period_start, locale)
)

select * from final
