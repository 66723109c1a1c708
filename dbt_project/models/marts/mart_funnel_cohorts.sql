-- Of the prospect-cycles that entered a stage in a month, how many have entered each later one: by the end of the
-- as-of date, and within 30, 90 and 180 times 24 hours. A cohort is mature for N days once its last member has had
-- them, which moves on with the days. Kept by month.
{%- set facts = ['int_cycles_entered'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ", 'cohort_month') }}",
        post_hook="{{ cohorts_mature() }}"
    )
}}
{%- set later_stages = ['second_identifier', 'mql', 'sql', 'sale'] %}

with

entries as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    {{ counted_days('entries', 'entered_date', facts) }}
),

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

locales as (
    {{ locales_with_ends() }}
),

stages as (
    select
        stages.stage,
        stages.stage_rank
    from {{ funnel_stages() }}
),

-- A later entry counts as reached by its instant alone, whatever market and day it is booked on. Instants only go up
-- inside a cycle, so a cohort can only shrink down the funnel.
members as (
    select
        entries.locale,
        entries.business_line,
        entries.stage as from_stage,
        entries.entered_at,
        {{ month_of('entries.entered_date') }} as cohort_month,
    {% for stage in later_stages -%}
        case
            when cycles.{{ stage }}_entered_at < locales.as_of_ends_at then cycles.{{ stage }}_entered_at
        end as {{ stage }}_at
        {{- "," if not loop.last }}
    {% endfor %}
    from entries
    inner join locales on entries.locale = locales.locale
    left join cycles
        on entries.prospect_id = cycles.prospect_id
        and entries.cycle = cycles.cycle
),

counted as (
    select
        cohort_month,
        locale,
        business_line,
        from_stage,
        {%- for stage in later_stages %}
            count({{ stage }}_at) as {{ stage }}_reached,
            {%- for days in [30, 90, 180] %}
                count(case when {{ stage }}_at <= {{ plus_days_of_24_hours('entered_at', days) }} then 1 end)
                    as {{ stage }}_within_{{ days }}_days,
            {%- endfor %}
        {%- endfor %}
        count(*) as entered
    from members
    group by cohort_month, locale, business_line, from_stage
),

final as (
    select
        counted.cohort_month,
        counted.locale,
        counted.business_line,
        counted.from_stage,
        later.stage as to_stage,
        counted.entered,
        {%- for column in ['reached', 'within_30_days', 'within_90_days', 'within_180_days'] %}
            case later.stage
                {%- for stage in later_stages %}
                    when '{{ stage }}' then counted.{{ stage }}_{{ column }}
                {%- endfor %}
            end as {{ 'reached_' if column != 'reached' }}{{ column }},
        {%- endfor %}
    {%- for days in [30, 90, 180] %}
        {{ is_mature('counted.cohort_month', days, 'locales.as_of_date') }} as is_mature_{{ days }}
        {{- ',' if not loop.last }}
    {%- endfor %}
    from counted
    inner join stages on counted.from_stage = stages.stage
    inner join stages as later on stages.stage_rank < later.stage_rank
    inner join locales on counted.locale = locales.locale
)

select * from final
