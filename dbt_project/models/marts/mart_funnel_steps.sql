-- The funnel in the period view, step by step and end to end: what entered each stage in a period, over what entered
-- the one before it in the same period. Sums over sums, at every level: locales and `total`, business lines and `all`.
-- Kept by locale and by the month that periods begin in (int_kpi_months).
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_kpis('period_type', 'period_start', has_markovs=false) }}"
    )
}}

with

measures as (
    select * from {{ ref('int_measures_by_period') }}
    where span = 'own'
),

steps as (
    select
        steps.from_stage,
        steps.to_stage
    from (
        values
        ('session', 'first_identifier'),
        ('first_identifier', 'second_identifier'),
        ('second_identifier', 'mql'),
        ('mql', 'sql'),
        ('sql', 'sale'),
        ('session', 'sale')
    ) as steps (from_stage, to_stage)
),

counted as (
    select
        measures.period_type,
        measures.period_start,
        measures.period_end,
        measures.locale,
        measures.business_line,
        steps.from_stage,
        steps.to_stage,
    {%- for name, stage in [('numerator', 'to_stage'), ('denominator', 'from_stage')] %}
        case steps.{{ stage }}
            when 'session' then measures.sessions
            when 'first_identifier' then measures.first_identifiers
            when 'second_identifier' then measures.second_identifiers
            when 'mql' then measures.mqls
            when 'sql' then measures.sqls
            when 'sale' then measures.sales
        end as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from measures
    cross join steps
    {{ changed_kpis('measures') }}
),

final as (
    select
        locale,
        business_line,
        period_type,
        period_start,
        period_end,
        from_stage,
        to_stage,
        cast(numerator as decimal(38, 10)) as numerator,
        cast(denominator as decimal(38, 10)) as denominator,
        cast(numerator / nullif(denominator, 0) as decimal(38, 10)) as rate
    from counted
)

select * from final
