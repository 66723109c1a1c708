-- Every KPI by locale (and `total`), business line (and `all`) and day. A day has no row of what is divided by nothing.
-- Kept by locale and month (int_kpi_months).
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_kpis(\"'day'\", 'date') }}"
    )
}}

with

measures as (
    select * from {{ ref('int_figures_by_period') }}
    where period_type = 'day' and span = 'own'
),

kpis as (
    {{ numbered_kpis() }}
),

quality as (
    select * from {{ ref('int_web_quality') }}
    where period_type = 'day'
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

final as (
    select
        measures.locale,
        measures.business_line,
        measures.period_start as date,
        kpis.kpi,
        cast({{ figure('measures.figures', 'kpis.numerator_number') }} as decimal(38, 10)) as numerator,
        cast({{ figure('measures.figures', 'kpis.denominator_number') }} as decimal(38, 10)) as denominator,
        {{ kpi_value('measures.figures') }} as value,
        {{ kpi_amount('measures.figures', 'measures.figures_local') }} as amount_local,
        case when kpis.unit = 'money' then measures.currency end as currency,
        {{ kpi_amount('measures.figures') }} as amount_eur,
        {{ kpi_amount('measures.figures', 'measures.figures_eur_constant') }} as amount_eur_constant,
        kpis.is_from_web and coalesce(measures.period_start >= reaches.provisional_from_date, false) as is_provisional,
        kpis.is_from_web and coalesce(quality.is_thresholded, false) as is_thresholded,
        kpis.is_from_web and coalesce(quality.is_sampled, false) as is_sampled,
        kpis.is_from_web and coalesce(quality.is_rolled_up, false) as is_rolled_up
    from measures
    {{ join_changed_kpis('measures') }}
    inner join reaches on measures.locale = reaches.locale
    left join quality
        on measures.locale = quality.locale
        and measures.period_start = quality.period_start
)

select * from final
where value is not null
{{ in_order_of('date') }}
