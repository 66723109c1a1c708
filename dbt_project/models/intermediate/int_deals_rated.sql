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

booked as (
    select distinct
        close_date,
        currency,
        fx_rate_eur
    from deals
),

-- Worked out once a day and currency, not once a deal.
crossed as (
    select
        booked.*,
        rates.currency as other_currency,
        case
            when rates.currency = booked.currency then cast(1 as decimal(28, 18))
            else {{ rate_across('rates.units_per_eur', 'booked.fx_rate_eur') }}
        end as fx_rate
    from booked
    inner join rates on booked.close_date = rates.date
    inner join currencies on rates.currency = currencies.currency
),

final as (
    select
        deals.opportunity_id,
        crossed.other_currency as currency,
        crossed.fx_rate
    from deals
    inner join crossed
        on deals.close_date = crossed.close_date
        and deals.currency = crossed.currency
)

select * from final
