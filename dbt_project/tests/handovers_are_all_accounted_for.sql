-- Every MQL that is not imputed was handed over once, and every hand-over that counts is in the mart, in total as by
-- locale; every interval is measured or has its reason not to be.
{{ config(meta={'dagster': {'ref': {'name': 'mart_handover'}}}) }}

with

expected as (
    select count(*) as handed_over
    from {{ ref('mart_stage_entries') }}
    where stage = 'mql' and not is_imputed
),

found as (
    select
        sum(case when locale = 'total' then handed_over else 0 end) as in_total,
        sum(case when locale <> 'total' then handed_over else 0 end) as by_locale
    from {{ ref('mart_handover') }}
    where business_line = 'all' and owner_team = 'all'
)

select
    'hand-overs' as what,
    expected.handed_over as expected,
    coalesce(found.in_total, 0) as found
from expected
cross join found
where
    coalesce(found.in_total, 0) <> expected.handed_over
    or coalesce(found.by_locale, 0) <> expected.handed_over

union all

select
    'intervals' as what,
    entries as expected,
    measured + imputed + impossible as found
from {{ ref('mart_velocity') }}
where entries <> measured + imputed + impossible
