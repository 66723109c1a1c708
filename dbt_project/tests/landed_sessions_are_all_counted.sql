-- The fact holds exactly the rows that the landing's manifest counts, and the mart exactly the fact's sessions.
{{ config(meta={'dagster': {'ref': {'name': 'mart_funnel_daily'}}}) }}

with

landed as (
    select
        windows.scope as locale,
        sum(windows.rows) as landed_rows
    from {{ source('landing', 'windows') }} as windows
    inner join {{ source('config', 'locales') }} as locales on windows.scope = locales.locale
    where windows.source = 'ga4' and windows.stream = 'sessions'
    group by windows.scope
),

-- The fact is read once, and days are few.
days as (
    select
        locale,
        session_date,
        count(*) as held_rows,
        sum(sessions) as sessions
    from {{ ref('fct_web_sessions') }}
    group by locale, session_date
),

held as (
    select
        locale,
        sum(held_rows) as held_rows
    from days
    group by locale
),

reported as (
    select
        locale,
        sum(sessions) as sessions
    from {{ ref('mart_funnel_daily') }}
    group by locale
),

counted as (
    select
        days.locale,
        sum(days.sessions) as sessions
    from days
    inner join {{ ref('mart_locales') }} as locales
        on days.locale = locales.locale
        and days.session_date between locales.go_live_date and locales.as_of_date
    group by days.locale
)

select
    coalesce(landed.locale, held.locale) as locale,
    'landed rows' as problem,
    landed.landed_rows as expected,
    held.held_rows as found
from landed
full join held on landed.locale = held.locale
where coalesce(landed.landed_rows, 0) <> coalesce(held.held_rows, 0)

union all

select
    coalesce(counted.locale, reported.locale) as locale,
    'sessions' as problem,
    counted.sessions as expected,
    reported.sessions as found
from counted
full join reported on counted.locale = reported.locale
where coalesce(counted.sessions, 0) <> coalesce(reported.sessions, 0)
