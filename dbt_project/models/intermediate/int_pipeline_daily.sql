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

dated as (
    select
        stages.*,
        greatest({{ local_date('stages.occurred_at', 'locales.time_zone') }}, locales.go_live_date) as date
    from stages
    inner join locales on stages.locale = locales.locale
),

-- The last stage of a day; at the same instant the one nearest to a decision.
daily_stages as (
    select
        *,
        row_number() over (
            partition by record_id, date
            order by
                occurred_at desc, case stage when 'open' then 1 when 'sql' then 2 when 'unmapped' then 0 else 3 end desc
        ) as choice
    from dated
),

changed as (
    select
        record_id,
        locale,
        date,
        case when stage = 'sql' then 1 else 0 end
        - case when lag(stage) over (partition by record_id order by date) = 'sql' then 1 else 0 end as change
    from daily_stages
    where choice = 1
),

summed as (
    select
        changed.locale,
        opportunities.business_line,
        opportunities.currency,
        changed.date,
        sum(changed.change * opportunities.amount) as amount
    from changed
    inner join opportunities on changed.record_id = opportunities.opportunity_id
    where changed.change <> 0 and opportunities.amount is not null
    group by changed.locale, opportunities.business_line, opportunities.currency, changed.date
),

held as (
    select distinct
        summed.locale,
        summed.business_line,
        summed.currency,
        {{ each_day('locales.go_live_date', 'locales.as_of_date') }} as date
    from summed
    inner join locales on summed.locale = locales.locale
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
