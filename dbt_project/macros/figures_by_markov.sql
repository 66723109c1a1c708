{# Whether a KPI is of what Markov's fit credits, and so another one in every build. #}
{% macro is_by_markov(kpis) -%}
    coalesce('credited_markov' in ({{ kpis }}.numerator, {{ kpis }}.denominator), false)
{%- endmacro %}

{# A list of figures without what Markov's fit credits, which is the last of `kpi_measures()`. #}
{% macro figures_but_markovs(figures) -%}
    {%- if kpi_measures() | list | last != 'credited_markov' -%}
        {{ exceptions.raise_compiler_error("figures_but_markovs leaves out the last measure, which is another now") }}
    {%- endif -%}
    {{ return(adapter.dispatch('figures_but_markovs', 'trechter')(figures)) }}
{%- endmacro %}

{% macro duckdb__figures_but_markovs(figures) -%}
    {{ figures }}[:-2]
{%- endmacro %}

{% macro default__figures_but_markovs(figures) -%}
    slice({{ figures }}, 1, {{ kpi_measures() | length - 1 }})
{%- endmacro %}

{# The same list with another amount that Markov's fit credits. #}
{% macro figures_with_markovs(figures, amount) -%}
    {{ return(adapter.dispatch('figures_with_markovs', 'trechter')(figures, amount)) }}
{%- endmacro %}

{% macro duckdb__figures_with_markovs(figures, amount) -%}
    list_append({{ figures_but_markovs(figures) }}, {{ amount }})
{%- endmacro %}

{% macro default__figures_with_markovs(figures, amount) -%}
    array_append({{ figures_but_markovs(figures) }}, {{ amount }})
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
