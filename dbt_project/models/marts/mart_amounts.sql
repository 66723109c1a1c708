-- Money by period in the further currencies that head office reports in: at the rates of the days it is dated on, and
-- at the budget rates of their fiscal years. Only rows with something in them; totals are rows, rounded by themselves.
with

deals as (
    select * from {{ ref('fct_deals') }}
),

ads as (
    select * from {{ ref('fct_ads') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

budget_rates as (
    select * from {{ source('config', 'budget_rates') }}
),

currencies as (
    select * from {{ source('config', 'currencies') }}
),

money as (
    {%- for kpi, fact, date in [('sales_amount', 'deals', 'close_date'), ('traffic_spend', 'ads', 'date')] %}
        select
            '{{ kpi }}' as kpi,
            locale,
            business_line,
            {{ date }} as date,
            currency,
            amount,
            amount_eur,
            amount_eur_constant
        from {{ fact }}
        where amount is not null
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- What was booked in one currency on one day has one rate, so it may be summed before it is converted.
summed as (
    select
        money.kpi,
        money.locale,
        money.business_line,
        money.date,
        money.currency,
        sum(money.amount) as amount,
        {{ sum_of_all('money.amount_eur') }} as amount_eur,
        {{ sum_of_all('money.amount_eur_constant') }} as amount_eur_constant
    from money
    inner join locales
        on money.locale = locales.locale
        and money.date between locales.go_live_date and locales.as_of_date
    group by money.kpi, money.locale, money.business_line, money.date, money.currency
),

reported as (
    select
        summed.kpi,
        summed.locale,
        summed.business_line,
        summed.date,
        offered.currency as reporting_currency,
        case
            when summed.currency = offered.currency then cast(summed.amount as decimal(38, 12))
            else cast(summed.amount_eur * rates.units_per_eur as decimal(38, 12))
        end as amount,
        case
            when summed.currency = offered.currency then cast(summed.amount as decimal(38, 12))
            else cast(summed.amount_eur_constant * budget_rates.rate as decimal(38, 12))
        end as amount_constant
    from summed
    cross join {{ source('config', 'reporting_currencies') }} as offered
    left join rates
        on offered.currency = rates.currency
        and summed.date = rates.date
    left join budget_rates
        on offered.currency = budget_rates.currency
        and summed.date >= budget_rates.valid_from
        and summed.date < budget_rates.valid_to
),

-- Each row counts for its own locale and for the total, for its own business line and for all of them.
final as (
    select
        coalesce(reported.locale, 'total') as locale,
        coalesce(reported.business_line, 'all') as business_line,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        reported.kpi,
        reported.reporting_currency,
        {{ round_to_minor_units(sum_of_all('reported.amount'), 'currencies.minor_units') }} as amount,
        {{ round_to_minor_units(sum_of_all('reported.amount_constant'), 'currencies.minor_units') }} as amount_constant
    from reported
    inner join periods on reported.date = periods.date
    inner join currencies on reported.reporting_currency = currencies.currency
    group by
        periods.period_type, periods.period_start, periods.period_end, reported.kpi, reported.reporting_currency,
        currencies.minor_units, cube(reported.locale, reported.business_line)
)

select * from final
