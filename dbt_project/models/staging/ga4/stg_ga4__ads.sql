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
        {{ web_dimension('session_source') }} as source_served,
        {{ web_dimension('session_medium') }} as medium_served,
        {{ web_dimension('session_campaign_name') }} as campaign_served,
        advertiser_ad_cost as amount,
        advertiser_ad_clicks as clicks,
        advertiser_ad_impressions as impressions
    from source
)

select * from renamed
