-- Whole periods of every locale beside its own period before, or of the year before, and its place among the locales
-- that were live for the whole of both. Money is at budget rates. A rate has a place where it is of enough, in both.
-- Of the periods in which anything differs for any locale, and of all as to what Markov's fit credits.
{{ config(materialized='view') }}

with

kpi_periods as (
    select * from {{ ref('mart_kpi_period') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
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
        {{ is_by_markov('kpis') }} as is_by_markov,
        case
            when kpis.unit = 'money' then cast(kpi_periods.amount_eur_constant as decimal(38, 10))
            else kpi_periods.value
        end as value,
        coalesce(kpi_periods.denominator >= settings.minimum_denominator, true) as is_of_enough
    from kpi_periods
    inner join {{ source('config', 'kpis') }} as kpis on kpi_periods.kpi = kpis.kpi
    inner join locales
        on kpi_periods.locale = locales.locale
        and kpi_periods.period_start >= locales.go_live_date
    cross join {{ source('config', 'benchmark_settings') }} as settings
    where kpi_periods.period_type in ('month', 'quarter', 'fiscal_year') and kpi_periods.is_complete
),

-- A period of which there is no earlier one stands alone.
paired as (
    select
        figures.*,
        comparisons.comparison,
        earlier.value as earlier_value,
        case
            when earlier.locale is null then 'not_live_before'
            when figures.value is null or earlier.value is null then 'no_value'
            when not figures.is_of_enough or not earlier.is_of_enough then 'too_few'
        end as reason_not_compared
    from figures
    inner join {{ benchmark_comparisons() }} on figures.period_type = comparisons.period_type
    left join figures as earlier
        on figures.locale = earlier.locale
        and figures.business_line = earlier.business_line
        and figures.period_type = earlier.period_type
        and figures.kpi = earlier.kpi
        and cast({{ dbt.dateadd('month', '-comparisons.months_before', 'figures.period_start') }} as date)
        = earlier.period_start
    where
        figures.is_by_markov
        or (figures.period_type, figures.period_start) in (
            select (changed.period_type, changed.month) from {{ ref('int_kpi_months') }} as changed
            where changed.has_changed
        )
),

-- Locales are compared that share a `comparison_id`.
identified as (
    select
        *,
        concat_ws('/', comparison, business_line, period_type, period_start, kpi) as comparison_id,
        reason_not_compared is null as is_compared,
        cast(value / nullif(earlier_value, 0) - 1 as decimal(38, 10)) as growth_rate
    from paired
),

places as (
    select
        comparison_id,
        locale,
        rank() over (partition by comparison_id order by sign * value desc) as value_rank,
        rank() over (partition by comparison_id order by sign * earlier_value desc) as earlier_rank
    from identified
    where is_compared
),

-- What a locale sold is what its rates lead to.
sold as (
    select
        locale,
        business_line,
        period_type,
        period_start,
        max(case when kpi = 'sales' then value end) as sales,
        max(case when kpi = 'sales_amount' then value end) as amount_eur_constant
    from figures
    where kpi in ('sales', 'sales_amount')
    group by locale, business_line, period_type, period_start
),

final as (
    select
        identified.*,
        places.value_rank,
        places.earlier_rank,
        sold.sales,
        sold.amount_eur_constant
    from identified
    left join places
        on identified.comparison_id = places.comparison_id
        and identified.locale = places.locale
    left join sold on {{ same('identified', 'sold', ['locale', 'business_line', 'period_type', 'period_start']) }}
)

select * from final
