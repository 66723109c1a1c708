-- Down the funnel a cohort only shrinks, and more time never means fewer.
with

cohorts as (
    select
        *,
        case to_stage
            when 'second_identifier' then 2
            when 'mql' then 3
            when 'sql' then 4
            when 'sale' then 5
        end as stage_rank
    from {{ ref('mart_funnel_cohorts') }}
),

compared as (
    select
        *,
        lead(reached) over (
            partition by cohort_month, locale, business_line, from_stage
            order by stage_rank
        ) as reached_next
    from cohorts
)

select *
from compared
where
    reached > entered
    or reached_next > reached
    or reached_within_30_days > reached_within_90_days
    or reached_within_90_days > reached_within_180_days
    or reached_within_180_days > reached
