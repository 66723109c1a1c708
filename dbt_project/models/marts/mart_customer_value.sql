-- What customers are worth, by the month in which they first bought, where that was, and the channel that won them.
-- Each kind of value is a row of its own; choose one, for they overlap.
with

customers as (
    select * from {{ ref('int_customers_acquired') }}
),

deals as (
    select * from {{ ref('fct_deals') }}
),

rates as (
    select * from {{ ref('int_deals_rated') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

-- Everything they have bought up to the as-of date, wherever that was, in the currency of the market that won them.
bought as (
    select
        customers.*,
        deals.deal_number,
        deals.close_date,
    {%- for amount in ['amount', 'recurring_amount'] %}
        {{ amount_at_rate('deals.' ~ amount, 'rates.fx_rate') }} as {{ amount }}_local,
        deals.{{ amount }}_eur,
        deals.{{ amount }}_eur_constant
        {{- "," if not loop.last }}
    {%- endfor %}
    from customers
    inner join deals
        on customers.customer_id = deals.customer_id
        and customers.as_of_date >= deals.close_date
    left join rates
        on deals.opportunity_id = rates.opportunity_id
        and customers.currency = rates.currency
),

valued as (
    select
        bought.*,
        value_types.value_type,
        case value_types.value_type
            when 'first_order' then bought.deal_number = 1
            when 'repeat' then bought.deal_number > 1
            when 'recurring' then bought.recurring_amount_eur <> 0
            when 'total' then true
            else bought.close_date
                < cast({{ dbt.dateadd('month', 'value_types.months', 'bought.first_close_date') }} as date)
        end as is_counted,
        coalesce(
            cast({{ dbt.dateadd('month', 'value_types.months + 1', 'bought.cohort_month') }} as date)
            <= cast({{ dbt.dateadd('day', 1, 'bought.as_of_date') }} as date),
            true
        ) as is_mature
    from bought
    cross join {{ value_types() }}
),

summed as (
    select
        cohort_month,
        locale,
        business_line,
        channel,
        value_type,
        currency,
        is_mature,
        count(distinct customer_id) as customers,
        count(distinct case when is_counted then customer_id end) as buyers,
        count(case when is_counted then 1 end) as deals,
    {%- for suffix in ['local', 'eur', 'eur_constant'] %}
        coalesce(
            sum(
                case
                    when not is_counted then 0
                    when value_type = 'recurring' then recurring_amount_{{ suffix }}
                    else amount_{{ suffix }}
                end
            ),
            0
        ) as amount_{{ suffix }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from valued
    group by cohort_month, locale, business_line, channel, value_type, currency, is_mature
),

final as (
    select
        summed.cohort_month,
        summed.locale,
        summed.business_line,
        summed.channel,
        summed.value_type,
        summed.is_mature,
        summed.customers,
        summed.buyers,
        summed.deals,
        {{ round_to_minor_units('summed.amount_local', 'currencies.minor_units') }} as amount_local,
        summed.currency,
        {{ round_to_minor_units('summed.amount_eur', '2') }} as amount_eur,
        {{ round_to_minor_units('summed.amount_eur_constant', '2') }} as amount_eur_constant
    from summed
    left join currencies on summed.currency = currencies.currency
)

select * from final
