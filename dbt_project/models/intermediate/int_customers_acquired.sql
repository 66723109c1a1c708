-- Every customer whose first deal the marts count: when and where they first bought, and the channel that won them,
-- which is that of the oldest touch before the lead of that deal came in.
{{ config(materialized='view') }}

with

first_deals as (
    select * from {{ ref('int_first_deals') }}
),

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

attribution as (
    select * from {{ ref('fct_attribution') }}
),

channels as (
    select
        entries.prospect_id,
        entries.cycle,
        attribution.channel
    from entries
    inner join attribution
        on entries.stage_entry_id = attribution.stage_entry_id
        and attribution.touch_number = 1
    where entries.stage = 'first_identifier'
),

final as (
    select
        first_deals.customer_id,
        first_deals.first_close_date,
        first_deals.cohort_month,
        first_deals.locale,
        first_deals.business_line,
        channels.channel,
        first_deals.currency,
        first_deals.as_of_date
    from first_deals
    inner join channels
        on first_deals.prospect_id = channels.prospect_id
        and first_deals.cycle = channels.cycle
)

select * from final
