-- Read once, by the fact that keeps it.
{{ config(materialized='view') }}

with

source as (
    select * from {{ source('landing', 'salesforce__opportunity_line_item') }}
),

changed as (
    select * from {{ ref('int_records_changed') }}
),

newest as (
    {{ newest_versions('source') }}
),

renamed as (
    select
        {{ qualified_id('id') }} as opportunity_line_item_id,
        {{ qualified_id('opportunity_id') }} as opportunity_id,
        {{ qualified_id('product2_id') }} as product_id,
        total_price as amount,
        currency_iso_code as currency
    from newest
    where not is_deleted
),

final as (
    select renamed.*
    from renamed
    inner join changed on renamed.opportunity_id = changed.record_id
)

select * from final
