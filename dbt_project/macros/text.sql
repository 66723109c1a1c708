{# Whether a text contains a match of a regular expression (RE2's: the common ground of databases). #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'trechter')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}

{% macro default__matches(text, pattern) -%}
    {{ text }} rlike {{ pattern }}
{%- endmacro %}
