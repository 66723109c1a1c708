-- A view: its one reader keeps the few visitors who became prospects.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__touchpoints') }}
),

renamed as (
    select
        _scope as locale,
        date as visit_date,
        visitor_key,
        {{ local_minute('date_hour_minute') }} as local_minute,
        landing_page,
        {{ web_dimension('session_default_channel_group') }} as ga4_channel,
        {{ web_dimension('session_source') }} as source_served,
        {{ web_dimension('session_medium') }} as medium_served,
        {{ web_dimension('session_campaign_name') }} as campaign_served,
        sessions
    from source
)

select * from renamed
