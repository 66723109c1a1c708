{# The days of spans, rows of int_periods_lived. Only a few are no whole periods, and may be found by comparing days. #}
{% macro days_of(spans) -%}
    select
        spans.span,
        spans.period_type,
        spans.period_start,
        spans.locale,
        spans.last_date,
        periods.date
    from {{ spans }} as spans
    inner join {{ ref('int_periods') }} as periods
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
    from {{ spans }} as spans
    inner join {{ ref('int_periods') }} as periods
        on periods.date between spans.first_date and spans.last_date
        and periods.period_type = 'day'
    where spans.span <> 'own'
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


{#
    Post-hook of int_figures_by_period: what Markov's fit credits in each period, which is another in every build, takes
    the place that lists have for it.
#}
{% macro credit_by_markov() -%}
    {%- set key = ['span', 'period_type', 'period_start', 'locale', 'business_line'] -%}
    update {{ this }} as held
    set figures = {{ figures_with_markovs('held.figures', 'credited.amount') }}
    from (
        select
            figures.span,
            figures.period_type,
            figures.period_start,
            figures.locale,
            figures.business_line,
            cast(coalesce(sums.amount, 0) as decimal(38, 6)) as amount
        from {{ this }} as figures
        left join (
            select
                days.span,
                days.period_type,
                days.period_start,
                coalesce(days.locale, 'total') as locale,
                coalesce(measures.business_line, 'all') as business_line,
                {{ round_to_minor_units('sum(measures.credited_markov_eur)', '2') }} as amount
            from ({{ days_of(ref('int_periods_lived')) }}) as days
            inner join {{ ref('int_measures_daily') }} as measures
                on days.locale = measures.locale
                and days.date = measures.date
            where measures.credited_markov_eur <> 0
            group by days.span, days.period_type, days.period_start, cube(days.locale, measures.business_line)
        ) as sums
            on {{ same('figures', 'sums', key) }}
        where {{ figure('figures.figures', kpi_measures() | length) }} <> coalesce(sums.amount, 0)
    ) as credited
    where {{ same('held', 'credited', key) }}
{%- endmacro %}
