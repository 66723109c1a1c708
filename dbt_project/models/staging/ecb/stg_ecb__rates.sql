{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'ecb__rates') }}
),

renamed as (
    select
        currency,
        rate_date,
        rate as units_per_eur,
        inverse_rate as eur_per_unit
    from source
)

select * from renamed
