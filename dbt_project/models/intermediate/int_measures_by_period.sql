-- Measures of every period and span (int_periods_lived), for each locale and `total`, each business line and `all`.
-- Every combination of a live locale has a row, so that nothing happened reads 0 and not nothing.
with

measures as (
    select * from {{ ref('int_measures_daily') }}
),

business_lines as (
    select * from {{ source('config', 'business_lines') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

spans as (
    select * from {{ ref('int_periods_lived') }}
),

lines as (
    select business_line from business_lines
    union
    select 'unmapped' as business_line
),

-- Only a few spans are no whole periods, and may be found by comparing days.
span_days as (
    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.locale,
        spans.last_date,
        periods.date
    from spans
    inner join periods
        on spans.period_type = periods.period_type
        and spans.period_start = periods.period_start
        and spans.last_date >= periods.date
    where spans.span = 'own'

    union all

    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.locale,
        spans.last_date,
        periods.date
    from spans
    inner join periods
        on periods.date between spans.first_date and spans.last_date
        and periods.period_type = 'day'
    where spans.span <> 'own'
),

-- What stands at the end of a day is, for a span, what stood at the end of its last day.
spanned as (
    select
        span_days.span,
        span_days.period_type,
        span_days.period_start,
        span_days.locale,
        measures.business_line,
    {%- for name in daily_counts() + daily_amounts() %}
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
final as (
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
    {%- for name in daily_counts() + daily_amounts() %}
        {%- set type = 'bigint' if name in daily_counts() else 'decimal(38, 12)' %}
        cast(coalesce(sum(spanned.{{ name }}), 0) as {{ type }}) as {{ name }}
        {{- "," if not loop.last }}
    {%- endfor %}
    from spans
    cross join lines
    cross join (values (false, false), (false, true), (true, false), (true, true)) as levels (is_total, is_all)
    left join spanned
        on spans.span = spanned.span
        and spans.period_type = spanned.period_type
        and spans.period_start = spanned.period_start
        and spans.locale = spanned.locale
        and lines.business_line = spanned.business_line
    group by all
)

select * from final
