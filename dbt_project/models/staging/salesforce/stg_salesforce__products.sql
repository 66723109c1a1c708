-- Few, and read once.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'salesforce__product2') }}
),

revenue_types as (
    select * from {{ source('config', 'revenue_types') }}
),

newest as (
    {{ newest_versions('source') }}
),

-- What was sold stays sold when its product is deleted.
final as (
    select
        {{ qualified_id('newest.id') }} as product_id,
        coalesce(revenue_types.revenue_type, 'unmapped') as revenue_type
    from newest
    left join revenue_types
        on newest._connection = revenue_types.connection
        and newest.revenue_type = revenue_types.source_value
)

select * from final
