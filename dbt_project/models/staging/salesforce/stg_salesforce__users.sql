-- Few, and read once.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'salesforce__user') }}
),

newest as (
    {{ newest_versions('source') }}
),

renamed as (
    select
        {{ qualified_id('id') }} as owner_id,
        team as owner_team
    from newest
)

select * from renamed
