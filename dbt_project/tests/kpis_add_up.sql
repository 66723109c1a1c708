-- Locales sum to the total and business lines to their locale, day by day, wherever the catalogue says so: counts
-- exactly, money within half a minor unit for each part that was rounded. Of the months that this build has made.
{{ config(meta={'dagster': {'ref': {'name': 'mart_kpi_daily'}}}) }}

with

additive as (
    select
        daily.*,
        kpis.is_additive_over_locales,
        kpis.is_additive_over_business_lines,
        case when kpis.unit = 'money' then 0.005 else 0 end as rounding
    from {{ ref('mart_kpi_daily') }} as daily
    inner join {{ source('config', 'kpis') }} as kpis on daily.kpi = kpis.kpi
    where
        (kpis.is_additive_over_locales or kpis.is_additive_over_business_lines)
        and {{ month_of('daily.date') }} in (
            select made.month from {{ ref('int_kpi_months') }} as made
            where made.period_type = 'day' and made.has_changed
        )
),

locale_sums as (
    select
        'total' as locale,
        business_line,
        date,
        kpi,
        sum(value) as parts,
        (count(*) + 1) * max(rounding) as tolerance
    from additive
    where is_additive_over_locales and locale <> 'total'
    group by business_line, date, kpi
),

business_line_sums as (
    select
        locale,
        'all' as business_line,
        date,
        kpi,
        sum(value) as parts,
        (count(*) + 1) * max(rounding) as tolerance
    from additive
    where is_additive_over_business_lines and business_line <> 'all'
    group by locale, date, kpi
),

sums as (
    select * from locale_sums
    union all
    select * from business_line_sums
)

select
    sums.*,
    additive.value
from sums
left join additive
    on sums.locale = additive.locale
    and sums.business_line = additive.business_line
    and sums.date = additive.date
    and sums.kpi = additive.kpi
where additive.value is null or abs(additive.value - sums.parts) > sums.tolerance
