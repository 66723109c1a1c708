-- Head office's catalogue of KPIs, as config/kpis.yml has it.
with

kpis as (
    select * from {{ source('config', 'kpis') }}
),

final as (
    select
        kpi,
        name,
        tier,
        unit,
        direction,
        numerator as numerator_measure,
        denominator as denominator_measure,
        is_additive_over_locales,
        is_additive_over_business_lines,
        is_additive_over_days,
        attribution_model as model,
        owner_role,
        source,
        description,
        sort_order
    from kpis
)

select * from final
