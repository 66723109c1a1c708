-- A deal without a rate has no value in that currency: never 1, never 0, never the latest. Nothing is published
-- until the rate is there. Names the deals, their currencies and dates; deals booked ahead of the as-of date may wait.
{{ config(meta={'dagster': {'ref': {'name': 'fct_deals'}}}) }}

with

deals as (
    select deals.*
    from {{ ref('fct_deals') }} as deals
    inner join {{ ref('mart_locales') }} as locales
        on deals.locale = locales.locale
        and deals.close_date between locales.go_live_date and locales.as_of_date
    where deals.amount is not null
),

offered as (
    select
        currency,
        cast('0001-01-01' as date) as first_date,
        cast('9999-12-31' as date) as last_date,
        true as is_budgeted
    from {{ source('config', 'reporting_currencies') }}

    union all

    select
        currency,
        min(go_live_date) as first_date,
        max(as_of_date) as last_date,
        false as is_budgeted
    from {{ ref('mart_locales') }}
    group by currency
)

select
    opportunity_id,
    locale,
    close_date,
    currency,
    local_currency
from deals
where amount_local is null or amount_eur is null or amount_eur_constant is null

union all

-- What head office reports in, too; and whatever any market reckons in while it is live, for a deal may be that of a
-- customer, or of a lead, of another market than its own.
select
    deals.opportunity_id,
    deals.locale,
    deals.close_date,
    deals.currency,
    offered.currency as local_currency
from deals
inner join offered on deals.close_date between offered.first_date and offered.last_date
left join {{ ref('int_exchange_rates_daily') }} as rates
    on offered.currency = rates.currency
    and deals.close_date = rates.date
left join {{ source('config', 'budget_rates') }} as budget_rates
    on offered.currency = budget_rates.currency
    and deals.close_date >= budget_rates.valid_from
    and deals.close_date < budget_rates.valid_to
where
    deals.currency <> offered.currency
    and (rates.date is null or (offered.is_budgeted and budget_rates.rate is null))
