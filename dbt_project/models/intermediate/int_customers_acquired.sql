-- Every customer whose first deal the marts count: when and where they first bought, and the channel that won them,
-- which is that of the oldest touch before the lead of that deal came in.
{{ config(materialized='view') }}

with

first_deals as (
    select * from {{ ref('int_first_deals') }}
),

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

credits as (
    select * from {{ ref('fct_touch_credits') }}
    where touch_number = 1
),

final as (
    select
        first_deals.customer_id,
        first_deals.first_close_date,
        first_deals.cohort_month,
        first_deals.locale,
        first_deals.business_line,
        credits.channel,
        first_deals.currency,
        first_deals.as_of_date
    from first_deals
    inner join cycles
        on first_deals.prospect_id = cycles.prospect_id
        and first_deals.cycle = cycles.cycle
    inner join credits on cycles.stage_entry_id = credits.stage_entry_id
)

select * from final
