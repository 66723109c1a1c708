-- How long prospects take from stage to stage, and from first identifier to sale, by the month in which they reached
-- the later one; locales and business lines also as `total` and `all`, since medians do not add up. Only intervals
-- between two moments that are known count: what was imputed, or cannot be, is counted beside them. Kept by month, of
-- all locales together.
{%- set facts = ['int_cycles_entered'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ", of_all_locales=true) }}"
    )
}}

with

reached as (
    select entries.*
    from {{ ref('fct_stage_entries') }} as entries
    {{ counted_days('entries', 'entered_date', facts, of_all_locales=true) }}
),

cycles as (
    select * from {{ ref('int_cycles_entered') }}
),

stages as (
    select
        stages.stage,
        stages.stage_rank
    from {{ funnel_stages() }}
),

steps as (
    select
        earlier.stage as from_stage,
        later.stage as to_stage
    from stages as earlier
    inner join stages as later
        on earlier.stage_rank + 1 = later.stage_rank
        or (earlier.stage_rank = 1 and later.stage_rank = 5)
),

intervals as (
    select
        reached.locale,
        reached.business_line,
        {{ month_of('reached.entered_date') }} as month,
        steps.from_stage,
        steps.to_stage,
        reached.entered_at,
        reached.entered_date,
        reached.is_imputed,
        reached.is_before_creation,
        {%- for part in ['at', 'date'] %}
            case steps.from_stage
                when 'first_identifier' then cycles.entered_{{ part }}
                {%- for stage in ['second_identifier', 'mql', 'sql'] %}
                    when '{{ stage }}' then cycles.{{ stage }}_entered_{{ part }}
                {%- endfor %}
            end as from_{{ part }},
        {%- endfor %}
        case steps.from_stage
            when 'first_identifier' then cycles.is_imputed
            {%- for stage in ['second_identifier', 'mql', 'sql'] %}
                when '{{ stage }}' then cycles.is_{{ stage }}_imputed
            {%- endfor %}
        end as is_from_imputed
    from reached
    inner join steps on reached.stage = steps.to_stage
    inner join cycles
        on reached.prospect_id = cycles.prospect_id
        and reached.cycle = cycles.cycle
),

-- Impossible: a deal that came to a stage before it was opened, or that was booked before the day it came so far.
judged as (
    select
        *,
        is_imputed or is_from_imputed as is_unknown,
        not (is_imputed or is_from_imputed) and (is_before_creation or entered_date < from_date) as is_impossible,
        case
            when not (is_imputed or is_from_imputed or is_before_creation or entered_date < from_date)
                then {{ days_between('from_at', 'entered_at') }}
        end as days
    from intervals
),

final as (
    select
        case when grouping(locale) = 1 then 'total' else locale end as locale,
        case when grouping(business_line) = 1 then 'all' else business_line end as business_line,
        month,
        from_stage,
        to_stage,
        count(*) as entries,
        count(days) as measured,
        count(case when is_unknown then 1 end) as imputed,
        count(case when is_impossible then 1 end) as impossible,
        cast({{ quantile('days', 0.5) }} as decimal(18, 4)) as median_days,
        cast({{ quantile('days', 0.9) }} as decimal(18, 4)) as p90_days
    from judged
    group by month, from_stage, to_stage, cube(locale, business_line)
)

select * from final
