-- Every target in absolute terms: a relative one is last year's figure and the change on it, until head office has
-- fixed it. With the day that the figures of its scope reach to.
with

targets as (
    select * from {{ source('config', 'targets') }}
),

kpis as (
    select * from {{ ref('int_kpis_by_period') }}
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

catalogue as (
    select
        kpis.kpi,
        {{ adds_up_over_days('kpis') }} as is_paced
    from {{ source('config', 'kpis') }} as kpis
),

compared as (
    select
        targets.*,
        reaches.as_of_date,
        coalesce(catalogue.is_paced, false) as is_paced,
        {{ money_basis('targets.currency') }} as money_basis,
        {{ in_targets_currency('kpis', 'targets.currency', 'amount_eur_constant_next') }} as base_value
    from targets
    left join reaches on targets.locale = reaches.locale
    left join catalogue on targets.kpi = catalogue.kpi
    left join kpis
        on targets.kpi = kpis.kpi
        and targets.locale = kpis.locale
        and targets.business_line = kpis.business_line
        and targets.period_type = kpis.period_type
        and targets.period_start = {{ dbt.dateadd('month', 12, 'kpis.period_start') }}
        and kpis.period_type <> 'day'
        and reaches.as_of_date >= kpis.period_end
),

resolved as (
    select
        *,
        cast(
            coalesce(value, round(base_value * (1 + growth_rate), 6)) as decimal(18, 6)
        ) as target_value
    from compared
),

final as (
    select
        target_id,
        kpi,
        locale,
        business_line,
        period_type,
        period_start,
        period_end,
        kind,
        is_fixed,
        target_value,
        cast(
            coalesce(growth_rate, target_value / nullif(base_value, 0) - 1) as decimal(38, 10)
        ) as target_growth_rate,
        base_value,
        currency,
        owner,
        status,
        as_of_date,
        is_paced,
        money_basis,
        source_file,
        source_line
    from resolved
)

select * from final
