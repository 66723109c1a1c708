-- Every target with its actual so far. The actual is NULL only while the period has not begun.
with

targets as (
    select * from {{ source('config', 'targets') }}
),

kpi_periods as (
    select * from {{ ref('mart_kpi_period') }}
),

final as (
    select
        targets.target_id,
        targets.kpi,
        targets.locale,
        targets.business_line,
        targets.period_type,
        targets.period_start,
        targets.period_end,
        targets.value as target_value,
        targets.currency,
        targets.owner,
        targets.status,
        targets.kind,
        case
            when targets.currency is null then kpi_periods.value
            when targets.currency = 'EUR' then kpi_periods.amount_eur
            else kpi_periods.amount_local
        end as actual_value,
        kpi_periods.attainment_rate,
        kpi_periods.is_complete,
        kpi_periods.as_of_date,
        targets.source_file,
        targets.source_line
    from targets
    left join kpi_periods
        on targets.kpi = kpi_periods.kpi
        and targets.locale = kpi_periods.locale
        and targets.business_line = kpi_periods.business_line
        and targets.period_type = kpi_periods.period_type
        and targets.period_start = kpi_periods.period_start
)

select * from final
