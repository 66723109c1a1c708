-- A view: its one reader, the incremental fact, asks for the changed days alone.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__sessions') }}
),

renamed as (
    select
        _scope as locale,
        date as session_date,
        host_name,
        landing_page,
        {{ web_dimension('session_default_channel_group') }} as ga4_channel,
        {{ web_dimension('session_source') }} as source_served,
        {{ web_dimension('session_medium') }} as medium_served,
        {{ web_dimension('session_campaign_name') }} as campaign_served,
        sessions,
        engaged_sessions,
        user_engagement_duration as engagement_seconds,
        screen_page_views as page_views,
        key_events
    from source
)

select * from renamed
