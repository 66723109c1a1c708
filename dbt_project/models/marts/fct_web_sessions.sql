-- Session counts by day and dimensions, with the business line of the landing page. Exactly the (locale, day)s whose
-- source hash is new are replaced: a tuple that a restatement removed, or a day that is gone, leaves nothing behind.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('int_web_days_landed', 'session_date') }}"
    )
}}

with

sessions as {{ not_kept() }} (
    select * from {{ ref('stg_ga4__sessions') }}
),

landed_days as (
    select * from {{ ref('int_web_days_landed') }}
),

changed_days as (
    {{ days_to_make('landed_days', 'session_date') }}
),

changed as {{ not_kept() }} (
    select
        sessions.*,
        changed_days.source_hash
    from sessions
    inner join changed_days
        on sessions.locale = changed_days.locale
        and sessions.session_date = changed_days.session_date
),

pages as (
    select distinct
        host_name,
        landing_page as page_path
    from changed
),

page_lines as (
    {{ business_lines_of('pages') }}
),

origins as (
    select distinct
        locale,
        traffic_source,
        traffic_medium,
        campaign,
        ga4_channel
    from changed
),

channels as (
    {{ channels_of('origins') }}
),

final as (
    select
        changed.locale,
        changed.session_date,
        coalesce(page_lines.business_line, 'unmapped') as business_line,
        changed.host_name,
        changed.landing_page,
        coalesce(channels.channel, 'unmapped') as channel,
        changed.ga4_channel,
        changed.traffic_source,
        changed.traffic_medium,
        changed.campaign,
        changed.sessions,
        changed.engaged_sessions,
        changed.engagement_seconds,
        changed.page_views,
        changed.key_events,
        changed.source_hash
    from changed
    left join channels
        on changed.locale = channels.locale
        and changed.traffic_source = channels.traffic_source
        and changed.traffic_medium = channels.traffic_medium
        and changed.campaign = channels.campaign
        and changed.ga4_channel = channels.ga4_channel
    left join page_lines
        on changed.host_name = page_lines.host_name
        and changed.landing_page = page_lines.page_path
)

select * from final
