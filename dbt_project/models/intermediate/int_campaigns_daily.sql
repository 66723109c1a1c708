-- Sessions by day and what brought them: kept by web day, like the sessions they are counted of.
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
        sessions.session_date,
        sessions.channel,
        sessions.traffic_source,
        sessions.traffic_medium,
        sessions.campaign,
        sessions.is_coded,
        cast(sum(sessions.sessions) as bigint) as sessions
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.session_date = changed_days.session_date
    group by
        sessions.locale, sessions.session_date, sessions.channel, sessions.traffic_source, sessions.traffic_medium,
        sessions.campaign, sessions.is_coded
)

select * from final
