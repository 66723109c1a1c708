-- Read once, by the fact that keeps it.
{{ config(materialized='view') }}

{%- set at_work %}
    select touched.opportunity_id from {{ ref('int_opportunities_touched') }} as touched
{%- endset %}

with

source as (
    select * from {{ source('landing', 'salesforce__opportunity_line_item') }}
),

newest as (
    {{ newest_versions('source', of="opportunity_id", among=at_work) }}
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
)

select * from renamed
