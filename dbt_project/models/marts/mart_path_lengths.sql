-- How many touches stage entries took, and how many days from the first of them: a row for each number of touches
-- (20 stands for more), and one for each span of days, which is named after the fewest days in it. Kept by month.
{%- set facts = ['fct_touch_credits'] %}
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_months(" ~ facts ~ ") }}"
    )
}}
{% set spans = [0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 30, 45, 60, 75, 90, 120, 180, 365] %}

with

-- The oldest touch stands for the whole path; an entry without a touch has no days.
entries as (
    select
        credits.locale,
        credits.business_line,
        credits.stage,
        {{ month_of('credits.entered_date') }} as month,
        least(credits.touch_count, 20) as touches,
        case
            {%- for days in spans | reverse %}
                when credits.days_before >= {{ days }} then {{ days }}
            {%- endfor %}
        end as days
    from {{ ref('fct_touch_credits') }} as credits
    {{ counted_days('credits', 'entered_date', facts) }}
    where credits.touch_number = 1
),

counted as (
    select
        locale,
        business_line,
        stage,
        month,
        touches,
        days,
        count(*) as stage_entries
    from entries
    group by locale, business_line, stage, month, touches, days
),

measured as (
    select
        locale,
        business_line,
        stage,
        month,
        'touches' as path_measure,
        touches as at_least,
        stage_entries
    from counted

    union all

    select
        locale,
        business_line,
        stage,
        month,
        'days' as path_measure,
        days as at_least,
        stage_entries
    from counted
    where days is not null
),

final as (
    select
        locale,
        business_line,
        stage,
        month,
        path_measure,
        cast(at_least as integer) as at_least,
        cast(sum(stage_entries) as bigint) as stage_entries
    from measured
    group by locale, business_line, stage, month, path_measure, at_least
)

select * from final
