-- Every deal won, as the marts count them: whether with a new customer, and how much of it recurs. Drill-down, without
-- personal data; the lines of a few deals do not add up to the deal's amount, and say so. Kept by month.
{%- set facts = ['fct_deals'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ", 'close_date') }}"
    )
}}

with

deals as (
    select * from {{ ref('fct_deals') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

final as (
    select
        deals.opportunity_id,
        deals.prospect_id,
        deals.cycle,
        deals.customer_id,
        deals.account_id,
        deals.locale,
        deals.business_line,
        deals.close_date,
        deals.won_at,
        deals.deal_kind,
        deals.deal_number,
        deals.currency,
        deals.local_currency,
        {%- for amount in ['amount', 'recurring_amount', 'one_off_amount'] %}
            {{ round_to_minor_units('deals.' ~ amount, 'booked.minor_units') }} as {{ amount }},
            {{ round_to_minor_units('deals.' ~ amount ~ '_local', 'functional.minor_units') }} as {{ amount }}_local,
            {{ round_to_minor_units('deals.' ~ amount ~ '_eur', '2') }} as {{ amount }}_eur,
            {{ round_to_minor_units('deals.' ~ amount ~ '_eur_constant', '2') }} as {{ amount }}_eur_constant,
        {%- endfor %}
        {{ round_to_minor_units('deals.lines_amount', 'booked.minor_units') }} as lines_amount,
        deals.has_matching_lines
    from deals
    {{ counted_days('deals', 'close_date', facts) }}
    left join currencies as booked on deals.currency = booked.currency
    left join currencies as functional on deals.local_currency = functional.currency
)

select * from final
