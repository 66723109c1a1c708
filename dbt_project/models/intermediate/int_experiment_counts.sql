-- How many visitors each variant of each experiment had in each locale, and how many of them did what it is judged by,
-- at or after the minute in which they first saw it and up to the experiment's last day. A visitor counts once.
with

variants as (
    select * from {{ source('config', 'experiment_variants') }}
),

exposures as (
    select * from {{ ref('stg_ga4__exposures') }}
),

visitor_events as (
    select * from {{ ref('stg_ga4__visitor_events') }}
),

visitors as (
    select * from {{ ref('int_visitors_linked') }}
),

entries as (
    select * from {{ ref('fct_stage_entries') }}
),

trials as (
    select
        experiments.*,
        locales.locale,
        locales.time_zone,
        least(experiments.closing_date, locales.as_of_date) as let_in_to,
        least(experiments.counted_to_date, locales.as_of_date) as counted_to,
        coalesce(locales.as_of_date >= experiments.counted_to_date, false) as is_over
    from {{ source('config', 'experiments') }} as experiments
    inner join {{ source('config', 'experiment_locales') }} as places on experiments.experiment = places.experiment
    inner join {{ ref('mart_locales') }} as locales on places.locale = locales.locale
),

-- Who was shown two variants tells nothing of either.
exposed as (
    select
        trials.experiment,
        trials.locale,
        trials.key_event,
        trials.stage,
        trials.counted_to,
        trials.time_zone,
        exposures.visitor_key,
        min(variants.variant) as variant,
        count(distinct variants.variant) as variants_seen,
        min(exposures.local_minute) as first_minute
    from exposures
    inner join variants on exposures.variant_value = variants.variant_value
    inner join trials
        on variants.experiment = trials.experiment
        and exposures.locale = trials.locale
        and exposures.visit_date between trials.opening_date and trials.let_in_to
    group by
        trials.experiment, trials.locale, trials.key_event, trials.stage, trials.counted_to, trials.time_zone,
        exposures.visitor_key
),

-- Once a visitor, however often.
converted as (
    select
        exposed.experiment,
        exposed.locale,
        exposed.visitor_key
    from exposed
    inner join visitor_events
        on exposed.locale = visitor_events.locale
        and exposed.visitor_key = visitor_events.visitor_key
        and exposed.key_event = visitor_events.event_name
        and exposed.first_minute <= visitor_events.local_minute
        and exposed.counted_to >= visitor_events.visit_date

    union

    select
        exposed.experiment,
        exposed.locale,
        exposed.visitor_key
    from exposed
    inner join visitors on exposed.visitor_key = visitors.visitor_key
    inner join entries
        on visitors.prospect_id = entries.prospect_id
        and exposed.stage = entries.stage
        and {{ instant_of_local('exposed.first_minute', 'exposed.time_zone') }} <= entries.entered_at
        and exposed.counted_to >= entries.entered_date
),

final as (
    select
        trials.experiment,
        trials.locale,
        variants.variant,
        variants.is_control,
        variants.share,
        trials.is_over,
        count(case when exposed.variants_seen = 1 then 1 end) as visitors,
        count(case when exposed.variants_seen = 1 then converted.visitor_key end) as conversions,
        count(case when exposed.variants_seen > 1 then 1 end) as crossed_visitors
    from trials
    inner join variants on trials.experiment = variants.experiment
    left join exposed
        on trials.experiment = exposed.experiment
        and trials.locale = exposed.locale
        and variants.variant = exposed.variant
    left join converted
        on exposed.experiment = converted.experiment
        and exposed.locale = converted.locale
        and exposed.visitor_key = converted.visitor_key
    group by
        trials.experiment, trials.locale, variants.variant, variants.is_control, variants.share, trials.is_over
)

select * from final
