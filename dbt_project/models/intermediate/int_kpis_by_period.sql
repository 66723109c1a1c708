-- Every KPI that there is, for every period: numerator, denominator and value. What is divided is the quotient of sums,
-- and NULL where there is nothing to divide by. Where a KPI is not available there is no row.
{{ config(materialized='view') }}

with

measures as (
    select * from {{ ref('int_figures_by_period') }}
    where span = 'own'
),

kpis as (
    {{ numbered_kpis() }}
),

final as (
    select
        measures.period_type,
        measures.period_start,
        measures.period_end,
        measures.locale,
        measures.business_line,
        kpis.kpi,
        cast({{ figure('measures.figures', 'kpis.numerator_number') }} as decimal(38, 10)) as numerator,
        cast({{ figure('measures.figures', 'kpis.denominator_number') }} as decimal(38, 10)) as denominator,
        {{ kpi_value('measures.figures') }} as value,
        {{ kpi_amount('measures.figures', 'measures.figures_local') }} as amount_local,
        case when kpis.unit = 'money' then measures.currency end as currency,
        {{ kpi_amount('measures.figures') }} as amount_eur,
        {{ kpi_amount('measures.figures', 'measures.figures_eur_constant') }} as amount_eur_constant,
        {{ kpi_amount('measures.figures', 'measures.figures_eur_constant_next') }} as amount_eur_constant_next
    from measures
    inner join kpis on measures.locale = kpis.locale
    where {{ figure('measures.figures', 'kpis.numerator_number') }} is not null
)

select * from final
