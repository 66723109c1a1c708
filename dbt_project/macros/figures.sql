{# `figures[number]`, NULL where there are no figures or the number is NULL; numbers begin with 1. #}
{% macro figure(figures, number) -%}
    {{ return(adapter.dispatch('figure', 'trechter')(figures, number)) }}
{%- endmacro %}

{% macro duckdb__figure(figures, number) -%}
    {{ figures }}[{{ number }}]
{%- endmacro %}

{% macro default__figure(figures, number) -%}
    try_element_at({{ figures }}, {{ number }})
{%- endmacro %}

{# A list of values of one type. #}
{% macro figure_list(values) -%}
    {{ return(adapter.dispatch('figure_list', 'trechter')(values)) }}
{%- endmacro %}

{% macro duckdb__figure_list(values) -%}
    [{{ values | join(', ') }}]
{%- endmacro %}

{% macro default__figure_list(values) -%}
    array({{ values | join(', ') }})
{%- endmacro %}
