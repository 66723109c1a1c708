-- What the deals that sales was working on were worth, at the end of every day: a deal is in the pipeline from the day
-- its stage becomes one that means `sql` until the day it becomes another. Its amount is today's; rates are the day's.
with

stages as (
    select * from {{ ref('fct_stage_history') }}
    where record_type = 'opportunity' and locale is not null
),

opportunities as (
    select * from {{ ref('int_opportunities_assigned') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
    where as_of_date is not null
),

build as (
    select * from {{ source('config', 'build') }}
),

-- At the same instant the stage nearest to a decision is the last.
moved as (
    select
        record_id,
        locale,
        occurred_at,
        case when stage = 'sql' then 1 else 0 end
        - case when lag(stage) over in_order = 'sql' then 1 else 0 end as change
    from stages
    window
        in_order as (
            partition by record_id
            order by occurred_at, case stage when 'unmapped' then 0 when 'open' then 1 when 'sql' then 2 else 3 end
        )
),

days as (
    {{ days_begun('locales', 'go_live_date', 'as_of_date') }}
),

-- What goes to and fro within a day adds up to what it has come to when the day is over.
summed as (
    select
        moved.locale,
        opportunities.business_line,
        opportunities.currency,
        coalesce(days.date, locales.go_live_date) as date,
        sum(moved.change * opportunities.amount) as amount
    from moved
    inner join locales on moved.locale = locales.locale
    inner join opportunities on moved.record_id = opportunities.opportunity_id
    -- What moved before go-live is there on its first day.
    asof left join days on moved.locale = days.locale and moved.occurred_at >= days.begins_at
    where moved.change <> 0 and opportunities.amount is not null
    group by all
),

pipelines as (
    select distinct
        locale,
        business_line,
        currency
    from summed
),

held as (
    select
        pipelines.*,
        {{ each_day('locales.go_live_date', 'locales.as_of_date') }} as date
    from pipelines
    inner join locales on pipelines.locale = locales.locale
),

balances as (
    select
        held.*,
        sum(coalesce(summed.amount, 0)) over (
            partition by held.locale, held.business_line, held.currency
            order by held.date
        ) as amount
    from held
    left join summed on {{ same('held', 'summed', ['locale', 'business_line', 'currency', 'date']) }}
),

rated as (
    select
        balances.*,
        locale_currencies.currency as local_currency,
        year({{ fiscal_year_start('balances.date', 'build.fiscal_year_start_month') }}) as fiscal_year
    from balances
    inner join {{ source('config', 'locale_currencies') }} as locale_currencies
        on balances.locale = locale_currencies.locale
        and balances.date >= locale_currencies.valid_from
        and balances.date < locale_currencies.valid_to
    cross join build
    where balances.amount <> 0
),

final as (
    select
        locale,
        business_line,
        date,
        currency,
        cast(amount as decimal(38, 4)) as amount,
        {{ converted('amount', 'pipeline') }}
    from (
        select
            rated.*,
            {{ fx_columns('rated', 'date') }}
        from rated
        cross join build
        {{ join_rates('rated', 'date') }}
    ) as converted
)

select * from final
