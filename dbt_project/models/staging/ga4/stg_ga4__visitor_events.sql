-- A view: it has few rows, of the days of experiments.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__visitor_events') }}
),

renamed as (
    select
        _scope as locale,
        date as visit_date,
        visitor_key,
        {{ local_minute('date_hour_minute') }} as local_minute,
        event_name
    from source
)

select * from renamed
