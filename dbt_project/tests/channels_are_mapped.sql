-- What there is to mend about the channels of a country's sessions of the last four weeks. Traffic whose source and
-- medium no rule knows: somebody tags links in words of their own; mend the links, or give the locale's file a rule.
-- Traffic of which nothing is known, where that is much: a tag is broken. A channel that Google itself calls otherwise:
-- its rules or its lists of sites have moved on, and ours must follow (a locale's own rules are its own business).
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_web_sessions'}}}) }}

with

recent as (
    select
        sessions.locale,
        sessions.traffic_source,
        sessions.traffic_medium,
        sessions.channel,
        sessions.ga4_channel,
        sum(sessions.sessions) as sessions
    from {{ ref('fct_web_sessions') }} as sessions
    inner join {{ ref('mart_locales') }} as locales on sessions.locale = locales.locale
    where
        sessions.session_date <= locales.as_of_date
        and sessions.session_date > {{ dbt.dateadd('day', -28, 'locales.as_of_date') }}
        -- Of which DuckDB knows, before it joins, that most of three years is not after it.
        and sessions.session_date > (
            select cast({{ dbt.dateadd('day', -28, 'min(as_of_date)') }} as date) from {{ ref('mart_locales') }}
        )
    group by
        sessions.locale, sessions.traffic_source, sessions.traffic_medium, sessions.channel, sessions.ga4_channel
),

own_channels as (
    select distinct
        locale,
        channel
    from {{ source('config', 'channel_rules') }}
),

shares as (
    select
        recent.*,
        own_channels.channel is not null as may_be_own,
        sum(recent.sessions) over (partition by recent.locale) as locale_sessions
    from recent
    left join own_channels
        on recent.locale = own_channels.locale
        and recent.channel = own_channels.channel
),

problems as (
    select
        *,
        case
            when channel = 'unmapped' then 'no rule knows it'
            when channel in {{ unknown_members() }} then 'too little is known'
            when channel <> ga4_channel and not may_be_own then 'Google says otherwise'
        end as problem
    from shares
)

select
    locale,
    traffic_source,
    traffic_medium,
    channel,
    ga4_channel,
    problem,
    sessions
from problems
where
    problem = 'no rule knows it'
    or (problem = 'too little is known' and 10 * sessions > locale_sessions)
    or (problem = 'Google says otherwise' and 100 * sessions > locale_sessions)
