-- Complete days since go-live that are not landed. The locale shows what it has up to the first gap and is stale; a
-- missing day is never a day without visitors.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'mart_locales'}}}) }}

with

expected as (
    select
        locale,
        {{ each_day('go_live_date', 'expected_as_of_date') }} as session_date
    from {{ ref('mart_locales') }}
    where go_live_date <= expected_as_of_date
)

select
    expected.locale,
    min(expected.session_date) as first_missing_date,
    count(*) as missing_days
from expected
left join {{ ref('int_web_days_landed') }} as landed
    on expected.locale = landed.locale
    and expected.session_date = landed.session_date
where landed.locale is null
group by expected.locale
