-- Every customer whose first deal the marts count: when and where they first bought, and the channel that won them,
-- which is that of the oldest touch before the lead of that deal came in.
{{ config(materialized='view') }}

with

deals as (
    select * from {{ ref('fct_deals') }}
),

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

attribution as (
    select * from {{ ref('fct_attribution') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
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
        deals.customer_id,
        deals.close_date as first_close_date,
        {{ month_of('deals.close_date') }} as cohort_month,
        deals.locale,
        deals.business_line,
        channels.channel,
        locales.currency,
        locales.as_of_date
    from deals
    inner join locales
        on deals.locale = locales.locale
        and deals.close_date between locales.go_live_date and locales.as_of_date
    inner join channels
        on deals.prospect_id = channels.prospect_id
        and deals.cycle = channels.cycle
    where deals.deal_number = 1
)

select * from final
