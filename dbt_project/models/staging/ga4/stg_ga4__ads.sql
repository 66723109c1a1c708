-- A view: its one reader is a fact of few rows.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ga4__ads') }}
),

renamed as (
    select
        _scope as locale,
        date,
        {{ web_dimension('session_source') }} as traffic_source,
        {{ web_dimension('session_medium') }} as traffic_medium,
        {{ web_dimension('session_campaign_name') }} as campaign,
        advertiser_ad_cost as amount,
        advertiser_ad_clicks as clicks,
        advertiser_ad_impressions as impressions
    from source
)

select * from renamed
