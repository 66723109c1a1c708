-- Sessions of every locale, business line and day, with what was looked at and how many of them are coded: kept by web
-- day, like the sessions they are counted of.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('fct_web_sessions', 'session_date') }}"
    )
}}

with

sessions as (
    select * from {{ ref('fct_web_sessions') }}
),

changed_days as (
    {{ days_to_make('fct_web_sessions', 'int_web_days_landed', 'session_date') }}
),

final as (
    select
        sessions.locale,
        sessions.business_line,
        sessions.session_date,
        sum(sessions.sessions) as sessions,
        sum(sessions.page_views) as page_views,
        sum(sessions.engagement_seconds) as engagement_seconds,
        sum(case when sessions.is_coded is not null then sessions.sessions end) as codable_sessions,
        sum(case when sessions.is_coded then sessions.sessions end) as coded_sessions
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.session_date = changed_days.session_date
    group by sessions.locale, sessions.business_line, sessions.session_date
)

select * from final
