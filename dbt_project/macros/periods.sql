{# The days of spans, rows of int_periods_lived. Only a few are no whole periods, and may be found by comparing days. #}
{% macro days_of(spans) -%}
    {%- for is_whole in [true, false] %}
    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.locale,
        spans.last_date,
        periods.date
    from {{ spans }} as spans
    inner join {{ ref('int_periods') }} as periods
        {%- if is_whole %}
        on spans.period_type = periods.period_type
        and spans.period_start = periods.period_start
        and spans.last_date >= periods.date
        {%- else %}
        on periods.date between spans.first_date and spans.last_date
        and periods.period_type = 'day'
        {%- endif %}
    where spans.span {{ '=' if is_whole else '<>' }} 'own'
    {{ 'union all' if is_whole }}
    {%- endfor %}
{%- endmacro %}


{# Pre-hook of what is kept by period: those go that are made of something else now, or are none any more. #}
{% macro forget_changed_periods() -%}
    {% if not execute or is_incremental() -%}
        delete from {{ this }}
        where (span, period_type, period_start, locale, made_of_hash) not in (
            select (measured.span, measured.period_type, measured.period_start, measured.locale, measured.made_of_hash)
            from {{ ref('int_periods_measured') }} as measured
        )
    {%- endif %}
{%- endmacro %}

{# The periods that have to be made: after `forget_changed_periods`, the missing ones. #}
{% macro periods_to_make() -%}
    select measured.*
    from {{ ref('int_periods_measured') }} as measured
    {%- if is_incremental() %}
    left join (select distinct span, period_type, period_start, locale from {{ this }}) as made
        on {{ same('measured', 'made', ['span', 'period_type', 'period_start', 'locale']) }}
    where made.locale is null
    {%- endif %}
{%- endmacro %}
