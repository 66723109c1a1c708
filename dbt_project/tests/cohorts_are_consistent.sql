-- Nobody reaches a stage without having been in the cohort, and more time never means fewer. That every later stage
-- implies the earlier ones is proven entry by entry in entries_follow_the_funnel.
select
    cohort_month,
    locale,
    business_line,
    from_stage,
    to_stage,
    entered,
    reached
from {{ ref('mart_funnel_cohorts') }}
where
    reached > entered
    or reached_within_30_days > reached_within_90_days
    or reached_within_90_days > reached_within_180_days
    or reached_within_180_days > reached
