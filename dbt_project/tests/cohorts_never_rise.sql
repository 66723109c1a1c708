-- Down the funnel a cohort only shrinks. Entries themselves always do (entries_follow_the_funnel); what can lift a
-- published cohort is an entry the marts do not count: dated after the as-of date, or in a market before its go-live,
-- while a later stage is counted. Worth seeing, and no reason to publish nothing.
{{ config(severity='warn') }}

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
