-- Every KPI by ISO week, month, quarter and fiscal year, beside the period before, the same one last year, and the
-- target set for exactly that scope and period; a KPI that is not available says why. A money target is compared with
-- the actual in the target's own currency, in euro at the budget rate. What rates of exchange have done is a column of
-- its own.
{{ config(materialized='view') }}

with

kpis as (
    select * from {{ ref('int_kpis_compared') }}
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

final as (
    select
        kpis.locale,
        kpis.business_line,
        kpis.period_type,
        kpis.period_start,
        kpis.period_end,
        kpis.kpi,
        reaches.as_of_date,
        kpis.period_end <= reaches.as_of_date as is_complete,
        kpis.availability,
        kpis.unavailable_reason,
        kpis.numerator,
        kpis.denominator,
        kpis.value,
        kpis.amount_local,
        kpis.currency,
        kpis.amount_eur,
        kpis.amount_eur_constant,
        kpis.previous_period_value,
        kpis.previous_period_to_date_value,
        kpis.previous_year_value,
        kpis.previous_year_to_date_value,
        kpis.previous_year_to_date_amount_local,
        kpis.previous_year_to_date_amount_eur_constant,
        kpis.is_previous_year_whole,
        kpis.fx_effect_budget,
        kpis.fx_effect_previous_year,
        kpis.is_from_web and coalesce(kpis.period_end >= reaches.provisional_from_date, false) as is_provisional,
        kpis.is_thresholded,
        kpis.is_sampled,
        kpis.is_rolled_up,
        reaches.is_stale,
        kpis.target_value,
        kpis.target_currency,
        kpis.target_owner,
        kpis.target_status,
        kpis.attainment_rate
    from kpis
    inner join reaches on kpis.locale = reaches.locale
)

select * from final
