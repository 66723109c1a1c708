-- Every KPI by ISO week, month, quarter and fiscal year, with the target set for exactly that scope and period.
-- A money target is compared with the actual in the target's own currency.
with

kpis as (
    select * from {{ ref('int_kpis_by_period') }}
),

locales as (
    select * from {{ ref('mart_locales') }}
),

settings as (
    select * from {{ source('config', 'locales') }}
),

targets as (
    select * from {{ source('config', 'targets') }}
),

-- The total reaches as far as the locale furthest behind, not counting those that were given up.
reaches as (
    select
        locale,
        currency,
        as_of_date
    from locales

    union all

    select
        'total' as locale,
        cast(null as varchar) as currency,
        min(locales.as_of_date) as as_of_date
    from locales
    inner join settings
        on locales.locale = settings.locale
        and locales.as_of_date < coalesce(settings.closed_date, cast('9999-12-31' as date))
),

compared as (
    select
        kpis.*,
        reaches.as_of_date,
        targets.value as target_value,
        targets.currency as target_currency,
        targets.owner as target_owner,
        targets.status as target_status,
        case
            when targets.currency is null then kpis.value
            when targets.currency = 'EUR' then kpis.amount_eur
            when targets.currency = reaches.currency then kpis.amount_local
        end as comparable_value
    from kpis
    inner join reaches on kpis.locale = reaches.locale
    left join targets
        on kpis.kpi = targets.kpi
        and kpis.locale = targets.locale
        and kpis.business_line = targets.business_line
        and kpis.period_type = targets.period_type
        and kpis.period_start = targets.period_start
    where kpis.period_type <> 'day'
),

final as (
    select
        locale,
        business_line,
        period_type,
        period_start,
        period_end,
        kpi,
        as_of_date,
        period_end <= as_of_date as is_complete,
        numerator,
        denominator,
        value,
        amount_local,
        amount_eur,
        amount_eur_constant,
        target_value,
        target_currency,
        target_owner,
        target_status,
        cast(comparable_value / nullif(target_value, 0) as decimal(38, 10)) as attainment_rate
    from compared
)

select * from final
