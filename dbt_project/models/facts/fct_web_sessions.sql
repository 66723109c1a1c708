-- Session counts by day and dimensions, with the business line of the landing page. Exactly the (locale, day)s that are
-- landed or read otherwise are replaced: a tuple that a restatement removed, or a day that is gone, leaves nothing.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('fct_web_sessions', 'session_date') }}"
    )
}}

with

sessions as {{ not_kept() }} (
    select * from {{ ref('stg_ga4__sessions') }}
),

changed_days as (
    {{ days_to_make('fct_web_sessions', 'int_web_days_landed', 'session_date') }}
),

changed as {{ not_kept() if not is_incremental() }} (
    select sessions.*
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
        source_served,
        medium_served,
        campaign_served,
        ga4_channel
    from changed
),

origins_read as (
    {{ origins_read('origins') }}
),

final as (
    select
        changed.locale,
        changed.session_date,
        coalesce(page_lines.business_line, 'unmapped') as business_line,
        changed.host_name,
        changed.landing_page,
        origins_read.channel,
        changed.ga4_channel,
        origins_read.traffic_source,
        origins_read.traffic_medium,
        origins_read.campaign,
        origins_read.is_coded,
        changed.source_served,
        changed.medium_served,
        changed.campaign_served,
        changed.sessions,
        changed.engaged_sessions,
        changed.engagement_seconds,
        changed.page_views,
        changed.key_events
    from changed
    inner join origins_read
        on {{ same_origin('changed', 'origins_read') }}
    left join page_lines
        on changed.host_name = page_lines.host_name
        and changed.landing_page = page_lines.page_path
)

select * from final
