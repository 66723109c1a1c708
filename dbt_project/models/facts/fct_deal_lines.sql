-- The lines of every opportunity, as booked: what was offered or sold. Kept from build to build by opportunity.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_those_in('opportunity_id', ref('int_opportunities_touched')) }}"
    )
}}

with

line_items as (
    select * from {{ ref('stg_salesforce__opportunity_line_items') }}
),

final as (
    select
        opportunity_line_item_id,
        opportunity_id,
        product_id,
        amount,
        currency
    from line_items
)

select * from final
