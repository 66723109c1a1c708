-- Measures of every period and span (int_periods_lived), for each locale and `total`, each business line and `all`.
-- Every combination of a live locale has a row, so that nothing happened reads 0 and not nothing. Kept by period
-- (int_periods_measured).
{{
    config(
        materialized='incremental',
        pre_hook="{{ forget_changed_periods() }}"
    )
}}

with

measures as (
    select * from {{ ref('int_measures_daily') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

to_make as (
    {{ periods_to_make() }}
),

-- The total of a period is of all locales, whichever of them has changed.
periods_to_sum as (
    select distinct
        span,
        period_type,
        period_start
    from to_make
),

spans as (
    select lived.*
    from {{ ref('int_periods_lived') }} as lived
    inner join periods_to_sum on {{ same('lived', 'periods_to_sum', ['span', 'period_type', 'period_start']) }}
),

lines as (
    select business_line from business_lines
    union
    select 'unmapped' as business_line
),

span_days as (
    {{ days_of('spans') }}
),

-- What stands at the end of a day is, for a span, what stood at the end of its last day.
spanned as (
    select
        span_days.span,
        span_days.period_type,
        span_days.period_start,
        span_days.locale,
        measures.business_line,
    {%- for name in measures_kept() %}
        {%- if name.startswith('pipeline_') %}
            sum(case when measures.date = span_days.last_date then measures.{{ name }} end) as {{ name }}
        {%- else %}
            sum(measures.{{ name }}) as {{ name }}
        {%- endif %}
        {{- "," if not loop.last }}
    {%- endfor %}
    from span_days
    inner join measures
        on span_days.locale = measures.locale
        and span_days.date = measures.date
    group by
        span_days.span, span_days.period_type, span_days.period_start, span_days.locale, measures.business_line
),

-- Every row counts for its own locale and for the total, for its own business line and for all of them.
summed as (
    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.period_end,
        spans.previous_period_start,
        spans.previous_year_start,
        case when levels.is_total then 'total' else spans.locale end as locale,
        case when levels.is_all then 'all' else lines.business_line end as business_line,
        min(spans.first_date) as first_date,
        max(spans.last_date) as last_date,
    {%- for name in measures_kept() %}
        {%- set type = 'bigint' if name in daily_counts() else 'decimal(38, 12)' %}
        cast(coalesce(sum(spanned.{{ name }}), 0) as {{ type }}) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from spans
    cross join lines
    cross join (values (false, false), (false, true), (true, false), (true, true)) as levels (is_total, is_all)
    left join spanned
        on {{ same('spans', 'spanned', ['span', 'period_type', 'period_start', 'locale']) }}
        and lines.business_line = spanned.business_line
    group by all
),

final as (
    select
        summed.*,
        to_make.made_of_hash
    from summed
    inner join to_make on {{ same('summed', 'to_make', ['span', 'period_type', 'period_start', 'locale']) }}
)

select * from final
