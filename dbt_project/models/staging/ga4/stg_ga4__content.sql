-- A view: its one reader, the incremental fact, asks for the changed days alone.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__content') }}
),

renamed as (
    select
        _scope as locale,
        date as content_date,
        host_name,
        page_path,
        screen_page_views as page_views,
        user_engagement_duration as engagement_seconds,
        key_events
    from source
)

select * from renamed
