-- Session counts by day and dimensions, with the business line of the landing page. Exactly the (locale, day)s whose
-- source hash is new are replaced: a tuple that a restatement removed, or a day that is gone, leaves nothing behind.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{% if is_incremental() %}
            delete from {{ this }} as held
            where not exists (
                select 1 from {{ ref('int_web_days_landed') }} as landed
                where landed.locale = held.locale
                    and landed.session_date = held.session_date
                    and landed.source_hash = held.source_hash
            )
        {% endif %}"
    )
}}

with

sessions as (
    select * from {{ ref('stg_ga4__sessions') }}
),

landed_days as (
    select * from {{ ref('int_web_days_landed') }}
),

rules as (
    select * from {{ source('config', 'web_business_line_rules') }}
),

changed_days as (
    select * from landed_days
    {% if is_incremental() %}
    where (locale, session_date) not in (select (held.locale, held.session_date) from {{ this }} as held)
    {% endif %}
),

changed as (
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
        landing_page
    from changed
),

-- Head office's rules in their order, the first match wins; a path prefix matches whole segments only.
ranked_pages as (
    select
        pages.host_name,
        pages.landing_page,
        rules.business_line,
        row_number() over (
            partition by pages.host_name, pages.landing_page
            order by rules.priority
        ) as choice
    from pages
    inner join rules
        on coalesce(rules.host, pages.host_name) = pages.host_name
        and (
            rules.path_prefix is null
            or substr(pages.landing_page || '/', 1, length(rules.path_prefix) + 1) = rules.path_prefix || '/'
        )
),

final as (
    select
        changed.locale,
        changed.session_date,
        coalesce(ranked_pages.business_line, 'unmapped') as business_line,
        changed.host_name,
        changed.landing_page,
        changed.channel,
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
    left join ranked_pages
        on changed.host_name = ranked_pages.host_name
        and changed.landing_page = ranked_pages.landing_page
        and ranked_pages.choice = 1
)

select * from final
