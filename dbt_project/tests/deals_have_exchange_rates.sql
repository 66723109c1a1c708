-- A deal without a rate has no value in that currency: never 1, never 0, never the latest. Nothing is published
-- until the rate is there. Names the deals, their currencies and dates; deals booked ahead of the as-of date may wait.
select
    deals.opportunity_id,
    deals.locale,
    deals.close_date,
    deals.currency,
    deals.local_currency
from {{ ref('fct_deals') }} as deals
inner join {{ ref('mart_locales') }} as locales
    on deals.locale = locales.locale
    and deals.close_date between locales.go_live_date and locales.as_of_date
where
    deals.amount is not null
    and (deals.amount_local is null or deals.amount_eur is null or deals.amount_eur_constant is null)
