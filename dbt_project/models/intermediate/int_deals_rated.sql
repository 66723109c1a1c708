-- What every won deal's currency was worth on its booking date in the currency of each locale: a deal may have to be
-- summed with those of another market than its own.
with

deals as (
    select * from {{ ref('fct_deals') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_dated') }}
),

dates as (
    select distinct close_date
    from deals
),

currencies as (
    select distinct currency
    from locales
),

-- Deals meet rates by equality: there are far fewer dates than deals.
dated as (
    select
        dates.close_date,
        rates.currency,
        rates.units_per_eur
    from currencies
    inner join rates on currencies.currency = rates.currency
    inner join dates on rates.valid_from <= dates.close_date and rates.valid_to > dates.close_date
),

final as (
    select
        deals.opportunity_id,
        dated.currency,
        cast(dated.units_per_eur * deals.fx_rate_eur as decimal(20, 12)) as fx_rate
    from deals
    inner join dated on deals.close_date = dated.close_date
)

select * from final
