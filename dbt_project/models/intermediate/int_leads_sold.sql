-- What the sale of a lead was worth, of those whose sale had come when the as-of date was over, in the currency of the
-- lead's own locale.
{{ config(materialized='view') }}

with

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

deals as (
    select * from {{ ref('fct_deals') }}
),

rates as (
    select * from {{ ref('int_deals_rated') }}
),

locales as (
    {{ locales_with_ends() }}
),

final as (
    select
        cycles.stage_entry_id,
        cycles.locale,
        cycles.entered_date,
        {{ amount_at_rate('deals.amount', 'rates.fx_rate') }} as amount_local,
        deals.amount_eur,
        deals.amount_eur_constant
    from cycles
    inner join locales on cycles.locale = locales.locale
    inner join deals
        on cycles.opportunity_id = deals.opportunity_id
        and cycles.sale_entered_at < locales.as_of_ends_at
    left join rates
        on cycles.opportunity_id = rates.opportunity_id
        and locales.currency = rates.currency
)

select * from final
