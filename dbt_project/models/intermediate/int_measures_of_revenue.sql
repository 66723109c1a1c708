-- The money of won deals by booking date, what models credit of it to paid channels, and what customers have bought up
-- to the as-of date by the day of their first deal.
{{ config(materialized='view') }}

with

deals as (
    select * from {{ ref('fct_deals') }}
),

paid_channels as (
    select * from {{ ref('dim_channels') }}
    where is_paid
),

credits as (
    select * from {{ ref('fct_attribution') }}
    where stage = 'sale'
),

first_deals as (
    select * from {{ ref('int_first_deals') }}
),

rates as (
    select * from {{ ref('int_deals_rated') }}
),

won as (
    select
        locale,
        business_line,
        close_date as date,
        sum(amount_local) as sales_amount_local,
        sum(amount_eur) as sales_amount_eur,
        sum(amount_eur_constant) as sales_amount_eur_constant,
        sum(amount_eur_constant_next) as sales_amount_eur_constant_next,
        sum(recurring_amount_eur) as recurring_amount_eur,
        sum(one_off_amount_eur) as one_off_amount_eur
    from deals
    group by locale, business_line, close_date
),

credited as (
    select
        credits.locale,
        credits.business_line,
        credits.entered_date as date,
    {%- for model in attribution_models() %}
        cast(
            round(sum(cast(deals.amount_eur as decimal(25, 12)) * credits.{{ model }}_credit), 12) as decimal(38, 12)
        ) as credited_{{ model }}_eur
        {{- "," if not loop.last }}
    {%- endfor %}
    from credits
    inner join paid_channels on credits.channel = paid_channels.channel
    inner join deals on credits.stage_entry_id = deals.stage_entry_id
    group by credits.locale, credits.business_line, credits.entered_date
),

bought as (
    select
        first_deals.locale,
        first_deals.business_line,
        first_deals.first_close_date as date,
        count(distinct first_deals.customer_id) as new_customers,
        sum({{ amount_at_rate('deals.amount', 'rates.fx_rate') }}) as customer_amount_local,
        sum(deals.amount_eur) as customer_amount_eur,
        sum(deals.amount_eur_constant) as customer_amount_eur_constant
    from first_deals
    inner join deals
        on first_deals.customer_id = deals.customer_id
        and first_deals.as_of_date >= deals.close_date
    left join rates
        on deals.opportunity_id = rates.opportunity_id
        and first_deals.currency = rates.currency
    group by first_deals.locale, first_deals.business_line, first_deals.first_close_date
),

final as (
    {{ measured('won', [
        'sales_amount_local', 'sales_amount_eur', 'sales_amount_eur_constant', 'sales_amount_eur_constant_next',
        'recurring_amount_eur', 'one_off_amount_eur'
    ], 'revenue') }}
    union all
    {{ measured('credited', credited_amounts(), 'revenue') }}
    union all
    {{ measured('bought', [
        'new_customers', 'customer_amount_local', 'customer_amount_eur', 'customer_amount_eur_constant'
    ], 'revenue') }}
)

select * from final
