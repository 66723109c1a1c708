-- Every A/B test: how each variant did in each country and in all of them (`total`, where each variant is compared with
-- the control of its own country), and what may be concluded. Nothing is decided before the last day is over.
with

counts as (
    select * from {{ ref('int_experiment_counts') }}
),

effects as (
    select * from {{ ref('int_experiment_effects') }}
),

experiments as (
    select * from {{ source('config', 'experiments') }}
),

summed as (
    select
        experiment,
        case when grouping(locale) = 1 then 'total' else locale end as locale,
        variant,
        is_control,
        min(share) as share,
        cast(sum(visitors) as bigint) as visitors,
        cast(sum(conversions) as bigint) as conversions,
        cast(sum(crossed_visitors) as bigint) as crossed_visitors,
        min(case when is_over then 1 else 0 end) = 1 as is_over
    from counts
    group by experiment, variant, is_control, cube(locale)
),

compared as (
    select
        *,
        max(case when is_control then variant end) over places as control,
        max(case when is_control then conversions end) over places as control_conversions,
        sum(visitors) over places as all_visitors
    from summed
    window places as (partition by experiment, locale)
),

judged as (
    select
        compared.*,
        effects.effect,
        effects.effect_low,
        effects.effect_high,
        effects.lift,
        effects.lift_low,
        effects.lift_high,
        effects.p_value,
        effects.p_value_adjusted,
        effects.heterogeneity_p_value,
        effects.sample_ratio_p_value,
        case
            when compared.all_visitors = 0 then 'not_started'
            when effects.sample_ratio_p_value < 0.001 then 'split_is_wrong'
            when compared.is_control then 'control'
            when not compared.is_over then 'running'
            when compared.conversions + compared.control_conversions < 10 or effects.p_value is null then 'too_few'
            when effects.p_value_adjusted >= 0.05 then 'no_difference_shown'
            when effects.effect > 0 then 'better'
            else 'worse'
        end as verdict
    from compared
    left join effects
        on compared.experiment = effects.experiment
        and compared.locale = effects.locale
        and compared.variant = effects.variant
),

final as (
    select
        judged.experiment,
        experiments.name,
        experiments.hypothesis,
        experiments.owner,
        experiments.metric,
        experiments.opening_date,
        experiments.closing_date,
        experiments.counted_to_date,
        judged.locale,
        judged.variant,
        judged.is_control,
        judged.share,
        judged.is_over,
        judged.visitors,
        judged.crossed_visitors,
        judged.conversions,
        cast(judged.conversions / nullif(cast(judged.visitors as double), 0) as double) as conversion_rate,
        judged.effect,
        judged.effect_low,
        judged.effect_high,
        judged.lift,
        judged.lift_low,
        judged.lift_high,
        judged.p_value,
        judged.p_value_adjusted,
        judged.heterogeneity_p_value,
        judged.sample_ratio_p_value,
        judged.verdict,
        {{ verdict_in_words('judged', 'experiments') }} as verdict_in_words
    from judged
    inner join experiments on judged.experiment = experiments.experiment
)

select * from final
