-- Every won deal with its money, exact and unrounded: as booked, in the locale's currency, in euro, and in euro at
-- the budget rate of its fiscal year. A missing rate leaves NULL and fails the build; it is never 1, 0 or the latest.
with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_itemised') }}
),

locales as (
    select * from {{ source('config', 'locales') }}
),

build as (
    select * from {{ source('config', 'build') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_dated') }}
),

budget_rates as (
    select * from {{ source('config', 'budget_rates') }}
),

-- A customer is the account a deal is with, or where there is none the prospect.
sales as (
    select
        entries.*,
        opportunities.account_id,
        opportunities.stated_kind,
        opportunities.amount,
        opportunities.currency,
        opportunities.lines_amount,
        opportunities.recurring_amount,
        opportunities.one_off_amount,
        coalesce(opportunities.account_id, entries.prospect_id) as customer_id,
        locales.currency as local_currency,
        year({{ fiscal_year_start('entries.entered_date', 'build.fiscal_year_start_month') }}) as fiscal_year
    from entries
    inner join opportunities on entries.opportunity_id = opportunities.opportunity_id
    inner join locales on entries.locale = locales.locale
    cross join build
    where entries.stage = 'sale'
),

-- Cross rates go through the euro. Only multiplication: DuckDB divides decimals as floats.
rated as (
    select
        sales.*,
        row_number() over (
            partition by sales.customer_id
            order by sales.entered_date, sales.entered_at, sales.opportunity_id
        ) as deal_number,
        cast(local_rates.units_per_eur * booked_rates.eur_per_unit as decimal(20, 12)) as fx_rate,
        booked_rates.eur_per_unit as fx_rate_eur,
        budget_rates.inverse_rate as fx_rate_eur_constant,
        least(
            coalesce(local_rates.rate_date, sales.entered_date),
            coalesce(booked_rates.rate_date, sales.entered_date)
        ) as fx_rate_date
    from sales
    left join rates as booked_rates
        on sales.currency = booked_rates.currency
        and sales.entered_date >= booked_rates.valid_from
        and sales.entered_date < booked_rates.valid_to
    left join rates as local_rates
        on sales.local_currency = local_rates.currency
        and sales.entered_date >= local_rates.valid_from
        and sales.entered_date < local_rates.valid_to
    left join budget_rates
        on sales.currency = budget_rates.currency
        and sales.fiscal_year = budget_rates.fiscal_year
),

-- What the CRM calls a deal is believed, but for a first one with somebody who has bought before.
final as (
    select
        opportunity_id,
        stage_entry_id,
        prospect_id,
        account_id,
        customer_id,
        cycle,
        locale,
        business_line,
        entered_date as close_date,
        entered_at as won_at,
        deal_number,
        case
            when stated_kind in ('expansion', 'renewal') then stated_kind
            when deal_number > 1 then 'expansion'
            else 'new'
        end as deal_kind,
        currency,
        local_currency,
        {% for amount in ['amount', 'recurring_amount', 'one_off_amount'] -%}
            {{ amount }},
            cast({{ amount }} * fx_rate as decimal(38, 12)) as {{ amount }}_local,
            cast({{ amount }} * fx_rate_eur as decimal(38, 12)) as {{ amount }}_eur,
            cast({{ amount }} * fx_rate_eur_constant as decimal(38, 12)) as {{ amount }}_eur_constant,
        {% endfor -%}
        lines_amount,
        lines_amount = amount as has_matching_lines,
        fx_rate,
        fx_rate_eur,
        fx_rate_eur_constant,
        case when fx_rate is not null then fx_rate_date end as fx_rate_date,
        'ecb' as fx_source
    from rated
)

select * from final
