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
    select * from {{ ref('int_exchange_rates_daily') }}
),

currencies as (
    select distinct currency
    from locales
),

final as (
    select
        deals.opportunity_id,
        rates.currency,
        case
            when rates.currency = deals.currency then cast(1 as decimal(28, 18))
            else cast(rates.units_per_eur * deals.fx_rate_eur as decimal(28, 18))
        end as fx_rate
    from deals
    inner join rates on deals.close_date = rates.date
    inner join currencies on rates.currency = currencies.currency
)

select * from final
