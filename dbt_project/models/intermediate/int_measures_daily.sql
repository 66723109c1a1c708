-- The measures of every (locale, business line, day) with something in it, from go-live to the as-of date; money
-- exact and unrounded.
with

sessions as (
    select * from {{ ref('fct_web_sessions') }}
),

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

deals as (
    select * from {{ ref('fct_deals') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

-- Each fact in the same columns: what it does not measure is NULL and adds nothing.
measured as (
    select
        locale,
        business_line,
        session_date as date,
        sessions,
        cast(null as varchar) as stage,
        cast(null as decimal(38, 12)) as amount_local,
        cast(null as decimal(38, 12)) as amount_eur,
        cast(null as decimal(38, 12)) as amount_eur_constant
    from sessions

    union all

    select
        locale,
        business_line,
        entered_date as date,
        cast(null as bigint) as sessions,
        stage,
        cast(null as decimal(38, 12)) as amount_local,
        cast(null as decimal(38, 12)) as amount_eur,
        cast(null as decimal(38, 12)) as amount_eur_constant
    from entries

    union all

    select
        locale,
        business_line,
        close_date as date,
        cast(null as bigint) as sessions,
        cast(null as varchar) as stage,
        amount_local,
        amount_eur,
        amount_eur_constant
    from deals
),

summed as (
    select
        locale,
        business_line,
        date,
        cast(coalesce(sum(sessions), 0) as bigint) as sessions,
        count(case when stage = 'first_identifier' then 1 end) as first_identifiers,
        count(case when stage = 'second_identifier' then 1 end) as second_identifiers,
        count(case when stage = 'mql' then 1 end) as mqls,
        count(case when stage = 'sql' then 1 end) as sqls,
        count(case when stage = 'sale' then 1 end) as sales,
        coalesce(sum(amount_local), 0) as amount_local,
        coalesce(sum(amount_eur), 0) as amount_eur,
        coalesce(sum(amount_eur_constant), 0) as amount_eur_constant
    from measured
    group by locale, business_line, date
),

final as (
    select summed.*
    from summed
    inner join locales
        on summed.locale = locales.locale
        and summed.date between locales.go_live_date and locales.as_of_date
)

select * from final
