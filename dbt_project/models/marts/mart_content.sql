-- What the pages of a site bring, by month: how they are read, how many visits begin there, and what these earned of
-- the stage entries of the month. Credit is shared by the linear model and goes to the page a visit landed on; visits
-- carry no host, so a page that a rule for hosts gives a business line has its credit where its path alone would be.
-- Kept by month.
{%- set facts = ['fct_touch_credits', 'int_content_days_landed', 'int_web_days_landed'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}

with

viewed as (
    select
        views.locale,
        views.business_line,
        {{ month_of('views.content_date') }} as month,
        views.page_path,
        sum(views.page_views) as page_views,
        sum(views.engagement_seconds) as engagement_seconds,
        sum(cast(views.key_events as decimal(18, 6))) as key_events
    from {{ ref('fct_content') }} as views
    {{ counted_days('views', 'content_date', facts) }}
    group by all
),

entered as (
    select
        sessions.locale,
        sessions.business_line,
        {{ month_of('sessions.session_date') }} as month,
        sessions.landing_page as page_path,
        sum(sessions.sessions) as entrances
    from {{ ref('fct_web_sessions') }} as sessions
    {{ counted_days('sessions', 'session_date', facts) }}
    group by all
),

earned as (
    select
        credits.locale,
        {{ month_of('credits.entered_date') }} as month,
        credits.content as page_path,
    {%- for stage in ['first_identifier', 'second_identifier', 'mql', 'sql', 'sale'] %}
        sum(case credits.stage when '{{ stage }}' then credits.linear_credit else 0 end) as {{ stage }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from {{ ref('fct_touch_credits') }} as credits
    {{ counted_days('credits', 'entered_date', facts) }}
    -- What an answer to a campaign was to is no page.
    where credits.touchpoint_id is not null and credits.channel not like 'Campaign: %'
    group by all
),

landed_pages as (
    select distinct
        '' as host_name,
        page_path
    from earned
),

landed_lines as (
    {{ business_lines_of('landed_pages') }}
),

credited as (
    select
        earned.*,
        coalesce(landed_lines.business_line, 'unmapped') as business_line
    from earned
    left join landed_lines on earned.page_path = landed_lines.page_path
),

keys as (
    {%- for part in ['viewed', 'entered', 'credited'] %}
        select
            locale,
            business_line,
            month,
            page_path
        from {{ part }}
        {% if not loop.last %}union{% endif %}
    {%- endfor %}
),

final as (
    select
        keys.locale,
        keys.business_line,
        keys.month,
        keys.page_path,
        cast(coalesce(viewed.page_views, 0) as bigint) as page_views,
        cast(coalesce(viewed.engagement_seconds, 0) as bigint) as engagement_seconds,
        cast(coalesce(viewed.key_events, 0) as decimal(38, 6)) as key_events,
        cast(coalesce(entered.entrances, 0) as bigint) as entrances,
    {%- for stage in ['first_identifier', 'second_identifier', 'mql', 'sql', 'sale'] %}
        cast(coalesce(credited.{{ stage }}_credit, 0) as decimal(38, 12)) as {{ stage }}_credit
        {{- "," if not loop.last }}
    {%- endfor %}
    from keys
    {%- for part in ['viewed', 'entered', 'credited'] %}
    left join {{ part }}
        on keys.locale = {{ part }}.locale
        and keys.business_line = {{ part }}.business_line
        and keys.month = {{ part }}.month
        and keys.page_path = {{ part }}.page_path
    {%- endfor %}
)

select * from final
