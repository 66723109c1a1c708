-- Every target beside what was reached, what was to be expected by now, and what its period will come to.
with

targets as (
    select * from {{ ref('int_targets_resolved') }}
),

kpis as (
    select * from {{ source('config', 'kpis') }}
),

kpi_periods as (
    select * from {{ ref('mart_kpi_period') }}
),

days as (
    select
        *,
        case when is_in_period then expected_numerator end as of_period,
        case when is_of_last_year then 1 else 0 end as last_year
    from {{ ref('int_target_days') }}
),

forecasts as (
    select * from {{ ref('int_target_forecasts') }}
),

-- How far the period is, by what its days are worth; and what the last 52 weeks make likely for all of it.
paced as (
    select
        target_id,
        {{ sum_of_floats('case when not is_ahead then of_period end') }}
        / nullif({{ sum_of_floats('of_period') }}, 0) as elapsed_share,
        case
            when count(denominator) > 0
                then {{ sum_of_floats('last_year * numerator') }}
                    / nullif({{ sum_of_floats('last_year * denominator') }}, 0)
            else
                {{ sum_of_floats('last_year * numerator') }}
                / nullif({{ sum_of_floats('last_year * expected_numerator') }}, 0) * {{ sum_of_floats('of_period') }}
        end as likely_value
    from days
    group by target_id
),

measured as (
    select
        targets.*,
        kpis.denominator is not null as is_ratio,
        case kpis.direction when 'down' then -1 else 1 end as direction,
        {{ in_targets_currency('kpi_periods', 'targets.currency') }} as actual_value,
        kpi_periods.is_complete,
        case when targets.currency = 'EUR' then kpi_periods.fx_effect_budget end as fx_effect_budget
    from targets
    left join kpis on targets.kpi = kpis.kpi
    left join kpi_periods
        on targets.kpi = kpi_periods.kpi
        and targets.locale = kpi_periods.locale
        and targets.business_line = kpi_periods.business_line
        and targets.period_type = kpi_periods.period_type
        and targets.period_start = kpi_periods.period_start
),

expected as (
    select
        measured.*,
        case
            when measured.period_start > measured.as_of_date then 0
            when measured.period_end <= measured.as_of_date or measured.is_ratio or not measured.is_paced then 1
            else coalesce(paced.elapsed_share, 0)
        end as expected_share,
        paced.likely_value,
        forecasts.forecast_value,
        forecasts.forecast_lower,
        forecasts.forecast_upper,
        forecasts.forecast_method,
        forecasts.forecast_error_rate
    from measured
    left join paced on measured.target_id = paced.target_id
    left join forecasts on measured.target_id = forecasts.target_id
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
        target_value,
        currency,
        owner,
        status,
        kind,
        is_fixed,
        target_growth_rate,
        base_value,
        actual_value,
        fx_effect_budget,
        cast(actual_value / nullif(target_value, 0) as decimal(38, 10)) as attainment_rate,
        cast(target_value * expected_share as decimal(38, 10)) as expected_to_date,
        cast(actual_value - target_value * expected_share as decimal(38, 10)) as gap,
        cast(forecast_value as decimal(38, 10)) as forecast_value,
        cast(forecast_lower as decimal(38, 10)) as forecast_lower,
        cast(forecast_upper as decimal(38, 10)) as forecast_upper,
        forecast_method,
        cast(forecast_error_rate as decimal(38, 10)) as forecast_error_rate,
        {{ attainment_status() }} as attainment_status,
        cast(likely_value as decimal(38, 10)) as likely_value,
        coalesce({{ is_unlikely() }}, false) as is_unlikely,
        is_complete,
        as_of_date,
        source_file,
        source_line
    from expected
)

select * from final
