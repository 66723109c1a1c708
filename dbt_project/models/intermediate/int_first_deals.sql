-- The first deal of every customer, where it is one that the marts count.
{{ config(materialized='view') }}

with

deals as (
    select * from {{ ref('fct_deals') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

final as (
    select
        deals.customer_id,
        deals.prospect_id,
        deals.cycle,
        deals.close_date as first_close_date,
        {{ month_of('deals.close_date') }} as cohort_month,
        deals.locale,
        deals.business_line,
        locales.currency,
        locales.as_of_date
    from deals
    inner join locales
        on deals.locale = locales.locale
        and deals.close_date between locales.go_live_date and locales.as_of_date
    where deals.deal_number = 1
)

select * from final
