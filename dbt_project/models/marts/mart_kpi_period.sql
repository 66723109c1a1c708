-- Every KPI by ISO week, month, quarter and fiscal year, beside the period before, the same one last year, and the
-- target set for exactly that scope and period; a KPI that is not available says why. A money target is compared with
-- the actual in the target's own currency, in euro at the budget rate. What rates of exchange have done is a column of
-- its own. Kept by locale and by the month that periods begin in (int_kpi_months); what moves on with the days is set.
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_kpis('period_type', 'period_start') }}",
        post_hook="{{ move_on_with_the_days() }}"
    )
}}

with

measures as (
    select * from {{ ref('int_figures_compared') }}
),

kpis as (
    {{ numbered_kpis() }}
),

reaches as (
    select * from {{ ref('int_reaches') }}
),

quality as (
    select * from {{ ref('int_web_quality') }}
),

targets as (
    select * from {{ ref('int_targets_resolved') }}
),

valued as (
    select
        measures.*,
        kpis.kpi,
        kpis.unit,
        kpis.is_from_web,
        kpis.is_quotient,
        kpis.availability,
        {{ figure('measures.figures', 'kpis.numerator_number') }} as numerator,
        {{ figure('measures.figures', 'kpis.denominator_number') }} as denominator,
        {{ kpi_value('measures.figures') }} as value,
        {{ kpi_amount('measures.figures', 'measures.figures_local') }} as amount_local,
        {{ kpi_amount('measures.figures') }} as amount_eur,
        {{ kpi_amount('measures.figures', 'measures.figures_eur_constant') }} as amount_eur_constant,
        {%- for span in ['previous_period', 'previous_period_to_date', 'previous_year', 'previous_year_to_date'] %}
            {{ kpi_value('measures.' ~ span ~ '_figures') }} as {{ span }}_value,
        {%- endfor %}
        {%- set then = 'measures.previous_year_to_date_figures' %}
        {%- for suffix in ['local', 'eur_constant'] %}
            {{ kpi_amount(then, then ~ '_' ~ suffix) }} as previous_year_to_date_amount_{{ suffix }},
        {%- endfor %}
        case
            when kpis.availability <> 'available' then kpis.unavailable_reason
            when {{ figure('measures.figures', 'kpis.numerator_number') }} is null then 'not_counted'
        end as unavailable_reason
    from measures
    {{ join_changed_kpis('measures') }}
),

final as (
    select
        valued.locale,
        valued.business_line,
        valued.period_type,
        valued.period_start,
        valued.period_end,
        valued.kpi,
        reaches.as_of_date,
        valued.period_end <= reaches.as_of_date as is_complete,
        case when valued.unavailable_reason = 'not_counted' then 'not_available' else valued.availability end
            as availability,
        valued.unavailable_reason,
        cast(valued.numerator as decimal(38, 10)) as numerator,
        cast(valued.denominator as decimal(38, 10)) as denominator,
        valued.value,
        valued.amount_local,
        case when valued.unit = 'money' then valued.currency end as currency,
        valued.amount_eur,
        valued.amount_eur_constant,
        valued.previous_period_value,
        valued.previous_period_to_date_value,
        valued.previous_year_value,
        valued.previous_year_to_date_value,
        valued.previous_year_to_date_amount_local,
        valued.previous_year_to_date_amount_eur_constant,
        coalesce(valued.is_previous_year_whole, false) as is_previous_year_whole,
        case when not valued.is_quotient then valued.amount_eur - valued.amount_eur_constant end as fx_effect_budget,
        case
            when not valued.is_quotient
                then cast(valued.amount_eur - valued.previous_year_to_date_value as decimal(38, 4))
                    - (valued.amount_eur_constant - valued.previous_year_to_date_amount_eur_constant)
        end as fx_effect_previous_year,
        valued.is_from_web and coalesce(valued.period_end >= reaches.provisional_from_date, false) as is_provisional,
        {%- for flag in ['thresholded', 'sampled', 'rolled_up'] %}
            valued.is_from_web and coalesce(quality.is_{{ flag }}, false) as is_{{ flag }},
        {%- endfor %}
        reaches.is_stale,
        targets.target_value,
        targets.currency as target_currency,
        targets.owner as target_owner,
        targets.status as target_status,
        cast(
            {{ in_targets_currency('valued', 'targets.currency') }} / nullif(targets.target_value, 0) as decimal(38, 10)
        ) as attainment_rate
    from valued
    inner join reaches on valued.locale = reaches.locale
    left join quality
        on valued.locale = quality.locale
        and valued.period_type = quality.period_type
        and valued.period_start = quality.period_start
    left join targets
        on {{ same('valued', 'targets', ['kpi', 'locale', 'business_line', 'period_type', 'period_start']) }}
)

select * from final
{{ in_order_of('period_start') }}
