-- Down the funnel a cohort only shrinks.
with

cohorts as (
    select
        cohorts.*,
        lead(cohorts.reached) over (
            partition by cohorts.cohort_month, cohorts.locale, cohorts.business_line, cohorts.from_stage
            order by stages.stage_rank
        ) as reached_next
    from {{ ref('mart_funnel_cohorts') }} as cohorts
    inner join {{ funnel_stages() }} on cohorts.to_stage = stages.stage
)

select
    cohort_month,
    locale,
    business_line,
    from_stage,
    to_stage,
    entered,
    reached,
    reached_next
from cohorts
where reached_next > reached
