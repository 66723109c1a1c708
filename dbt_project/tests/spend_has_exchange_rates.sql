-- What advertisements cost has a value in every currency, as deals must have (see deals_have_exchange_rates).
{{ config(meta={'dagster': {'ref': {'name': 'fct_ads'}}}) }}

select distinct
    ads.locale,
    ads.date,
    ads.currency
from {{ ref('fct_ads') }} as ads
inner join {{ ref('mart_locales') }} as locales
    on ads.locale = locales.locale
    and ads.date between locales.go_live_date and locales.as_of_date
where ads.amount_eur is null or ads.amount_eur_constant is null
