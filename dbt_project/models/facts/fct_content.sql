-- Pages viewed by day, with their business line. Kept by web day, as in fct_web_sessions.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_days('fct_content', 'content_date') }}"
    )
}}

with

content as {{ not_kept() }} (
    select * from {{ ref('stg_ga4__content') }}
),

changed_days as (
    {{ days_to_make('fct_content', 'int_content_days_landed', 'content_date') }}
),

changed as {{ not_kept() if not is_incremental() }} (
    select content.*
    from content
    inner join changed_days
        on content.locale = changed_days.locale
        and content.content_date = changed_days.content_date
),

pages as (
    select distinct
        host_name,
        page_path
    from changed
),

page_lines as (
    {{ business_lines_of('pages') }}
),

final as (
    select
        changed.locale,
        changed.content_date,
        coalesce(page_lines.business_line, 'unmapped') as business_line,
        changed.host_name,
        changed.page_path,
        changed.page_views,
        changed.engagement_seconds,
        changed.key_events
    from changed
    left join page_lines
        on changed.host_name = page_lines.host_name
        and changed.page_path = page_lines.page_path
)

select * from final
