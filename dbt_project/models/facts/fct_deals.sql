-- Every won deal with its money, exact and unrounded: as booked, in the currency the locale had on that day, in euro,
-- and in euro at the budget rates of its fiscal year and of the next. A missing rate leaves NULL and fails the build;
-- it is never 1, 0 or the latest.
with

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

opportunities as (
    select * from {{ ref('int_opportunities_itemised') }}
),

locale_currencies as (
    select * from {{ source('config', 'locale_currencies') }}
),

build as (
    select * from {{ source('config', 'build') }}
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
        locale_currencies.currency as local_currency,
        year({{ fiscal_year_start('entries.entered_date', 'build.fiscal_year_start_month') }}) as fiscal_year
    from entries
    inner join opportunities on entries.opportunity_id = opportunities.opportunity_id
    inner join locale_currencies
        on entries.locale = locale_currencies.locale
        and entries.entered_date >= locale_currencies.valid_from
        and entries.entered_date < locale_currencies.valid_to
    cross join build
    where entries.stage = 'sale'
),

rated as (
    select
        sales.*,
        row_number() over (
            partition by sales.customer_id
            order by sales.entered_date, sales.entered_at, sales.opportunity_id
        ) as deal_number,
        {{ fx_columns('sales', 'entered_date') }}
    from sales
    cross join build
    {{ join_rates('sales', 'entered_date') }}
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
            {{ converted(amount, amount) | indent(4) }},
        {% endfor -%}
        lines_amount,
        lines_amount = amount as has_matching_lines,
        fx_rate,
        fx_rate_eur,
        fx_rate_eur_constant,
        fx_rate_eur_constant_next,
        fx_rate_date,
        fx_source
    from rated
)

select * from final
