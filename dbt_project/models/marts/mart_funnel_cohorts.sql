-- Of the prospect-cycles that entered a stage in a month, how many have entered each later one: by the end of the
-- as-of date, and within 30, 90 and 180 times 24 hours. A cohort is mature for N days once its last member has had
-- them.
with

entries as (
    select * from {{ ref('mart_stage_entries') }}
),

all_entries as (
    select * from {{ ref('fct_stage_entries') }}
),

locales as (
    select
        *,
        {{ instant_of_local(dbt.dateadd('day', 1, 'as_of_date'), 'time_zone') }} as as_of_ends_at
    from {{ ref('mart_locales') }}
),

stages as (
    select
        stages.stage,
        stages.stage_rank
    from {{ funnel_stages() }}
),

transitions as (
    select
        earlier.stage as from_stage,
        later.stage as to_stage
    from stages as earlier
    inner join stages as later on earlier.stage_rank < later.stage_rank
),

-- A later entry counts as reached by its instant alone, whatever market and day it is booked on. Instants only go up
-- inside a cycle, so a cohort can only shrink down the funnel.
members as (
    select
        cast({{ dbt.date_trunc('month', 'entries.entered_date') }} as date) as cohort_month,
        entries.locale,
        entries.business_line,
        transitions.from_stage,
        transitions.to_stage,
        entries.entered_at,
        reached.entered_at as reached_at
    from entries
    inner join transitions on entries.stage = transitions.from_stage
    inner join locales on entries.locale = locales.locale
    left join all_entries as reached
        on entries.prospect_id = reached.prospect_id
        and entries.cycle = reached.cycle
        and transitions.to_stage = reached.stage
        and locales.as_of_ends_at > reached.entered_at
),

counted as (
    select
        cohort_month,
        locale,
        business_line,
        from_stage,
        to_stage,
        count(*) as entered,
        count(reached_at) as reached,
        {%- for days in [30, 90, 180] %}
            count(case when reached_at <= {{ plus_days_of_24_hours('entered_at', days) }} then 1 end)
                as reached_within_{{ days }}_days,
        {%- endfor %}
        cast({{ dbt.dateadd('day', -1, dbt.dateadd('month', 1, 'cohort_month')) }} as date) as cohort_end
    from members
    group by cohort_month, locale, business_line, from_stage, to_stage
),

final as (
    select
        counted.cohort_month,
        counted.locale,
        counted.business_line,
        counted.from_stage,
        counted.to_stage,
        counted.entered,
        counted.reached,
        counted.reached_within_30_days,
        counted.reached_within_90_days,
        counted.reached_within_180_days,
    {%- for days in [30, 90, 180] %}
        cast({{ dbt.dateadd('day', days, 'counted.cohort_end') }} as date) <= locales.as_of_date as is_mature_{{ days }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from counted
    inner join locales on counted.locale = locales.locale
)

select * from final
