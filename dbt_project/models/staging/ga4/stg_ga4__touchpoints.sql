-- A view: its one reader keeps the few visitors who became prospects.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__touchpoints') }}
),

-- GA4 writes the property-local minute as YYYYMMDDHHMM.
renamed as (
    select
        _scope as locale,
        date as visit_date,
        visitor_key,
        cast(
            substr(date_hour_minute, 1, 4) || '-' || substr(date_hour_minute, 5, 2) || '-'
            || substr(date_hour_minute, 7, 2) || ' ' || substr(date_hour_minute, 9, 2) || ':'
            || substr(date_hour_minute, 11, 2) || ':00' as timestamp
        ) as local_minute,
        landing_page,
        {{ web_dimension('session_default_channel_group') }} as ga4_channel,
        {{ web_dimension('session_source') }} as source_served,
        {{ web_dimension('session_medium') }} as medium_served,
        {{ web_dimension('session_campaign_name') }} as campaign_served,
        sessions
    from source
)

select * from renamed
