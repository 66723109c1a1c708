-- Countries beside each other, like with like: place, distance from the median and from the best, and how many more
-- sales the best's rate would be worth if all that follows stayed as it is in the country. Beside it, what others say.
-- Kept by period (int_kpi_months).
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_kpis('period_type', 'period_start', of_all_locales=true) }}"
    )
}}

with

ranked as (
    select * from {{ ref('int_benchmarks_ranked') }}
),

outside as (
    select * from {{ source('config', 'benchmark_figures') }}
),

groups as (
    select
        comparison_id,
        count(*) as group_size,
        {{ quantile('value', 0.5) }} as median_value,
        min(case when value_rank = 1 then locale end) as best_locale,
        min(case when value_rank = 1 then value end) as best_value
    from ranked
    where is_compared
    group by comparison_id
),

-- The nearest figure from outside: of the country before that of any, of a shorter period before a longer one, which
-- says something of its parts only where the KPI is a rate.
found_outside as (
    select
        ranked.comparison_id,
        ranked.locale,
        outside.value,
        outside.source,
        row_number() over (
            partition by ranked.comparison_id, ranked.locale
            order by
                case when outside.locale = ranked.locale then 0 else 1 end,
                outside.period_start desc,
                outside.period_end asc
        ) as nearness
    from ranked
    inner join outside
        on ranked.kpi = outside.kpi
        and ranked.business_line = outside.business_line
        and outside.locale in ('all', ranked.locale)
        and ranked.period_start >= outside.period_start
        and ranked.period_end <= outside.period_end
        and (ranked.denominator is not null or ranked.period_type = outside.period_type)
),

-- What a sum would be multiplied by, with the best's rate at a step of the funnel.
compared as (
    select
        ranked.*,
        groups.group_size,
        groups.median_value,
        groups.best_locale,
        groups.best_value,
        case
            when ranked.is_compared then cast(100 * ranked.value / nullif(groups.median_value, 0) as decimal(18, 4))
        end as index_to_median,
        case when ranked.is_compared then ranked.sign * (groups.best_value - ranked.value) end as gap_to_best,
        case
            when
                ranked.is_compared
                and ranked.numerator in ('first_identifiers', 'second_identifiers', 'mqls', 'sqls', 'sales')
                then groups.best_value / nullif(ranked.value, 0) - 1
        end as growth_to_best
    from ranked
    left join groups on ranked.comparison_id = groups.comparison_id
),

final as (
    select
        compared.locale,
        compared.business_line,
        compared.period_type,
        compared.period_start,
        compared.period_end,
        compared.kpi,
        compared.comparison,
        compared.is_compared,
        compared.reason_not_compared,
        coalesce(compared.group_size, 0) as group_size,
        compared.value,
        compared.value_rank,
        compared.median_value,
        compared.index_to_median,
        compared.best_locale,
        compared.best_value,
        compared.gap_to_best,
        cast(compared.sales * compared.growth_to_best as decimal(38, 4)) as extra_sales,
        cast(compared.amount_eur_constant * compared.growth_to_best as decimal(38, 4)) as extra_amount_eur_constant,
        compared.earlier_value,
        compared.earlier_rank,
        compared.growth_rate,
        found_outside.value as outside_value,
        found_outside.source as outside_source,
        cast(100 * compared.value / nullif(found_outside.value, 0) as decimal(18, 4)) as index_to_outside
    from compared
    left join found_outside
        on compared.comparison_id = found_outside.comparison_id
        and compared.locale = found_outside.locale
        and found_outside.nearness = 1
)

select * from final
