-- Won deals by locale, business line, booking date and booked currency: native sums beside their conversions.
with

deals as (
    select * from {{ ref('fct_deals') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

summed as (
    select
        deals.locale,
        deals.business_line,
        deals.close_date,
        deals.currency,
        deals.local_currency,
        count(*) as sales,
        sum(deals.amount) as amount,
        sum(deals.amount_local) as amount_local,
        sum(deals.amount_eur) as amount_eur,
        sum(deals.amount_eur_constant) as amount_eur_constant
    from deals
    inner join locales
        on deals.locale = locales.locale
        and deals.close_date between locales.go_live_date and locales.as_of_date
    group by deals.locale, deals.business_line, deals.close_date, deals.currency, deals.local_currency
),

final as (
    select
        summed.locale,
        summed.business_line,
        summed.close_date as date,
        summed.currency,
        summed.sales,
        {{ round_to_minor_units('summed.amount', 'booked.minor_units') }} as amount,
        {{ round_to_minor_units('summed.amount_local', 'functional.minor_units') }} as amount_local,
        summed.local_currency,
        {{ round_to_minor_units('summed.amount_eur', '2') }} as amount_eur,
        {{ round_to_minor_units('summed.amount_eur_constant', '2') }} as amount_eur_constant
    from summed
    left join currencies as booked on summed.currency = booked.currency
    left join currencies as functional on summed.local_currency = functional.currency
)

select * from final
