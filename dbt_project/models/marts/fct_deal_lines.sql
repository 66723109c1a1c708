-- The lines of every opportunity, as booked: what was offered or sold.
-- depends_on: {{ ref('int_prospects_changed') }}
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ forget_changed_prospects() }}"
    )
}}

with

line_items as (
    select * from {{ ref('stg_salesforce__opportunity_line_items') }}
),

assigned as (
    select * from {{ ref('int_opportunities_assigned') }}
),

final as (
    select
        line_items.opportunity_line_item_id,
        line_items.opportunity_id,
        assigned.prospect_id,
        line_items.product_id,
        line_items.amount,
        line_items.currency
    from line_items
    inner join assigned on line_items.opportunity_id = assigned.opportunity_id
)

select * from final
