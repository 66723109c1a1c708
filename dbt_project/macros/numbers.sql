{# A whole number of 48 bits that stands for a text, the same in every build; sums of it tell sets of texts apart. #}
{% macro number_of(text) -%}
    {{ return(adapter.dispatch('number_of', 'trechter')(text)) }}
{%- endmacro %}

{% macro duckdb__number_of(text) -%}
    cast('0x' || substr(md5({{ text }}), 1, 12) as bigint)
{%- endmacro %}

{% macro default__number_of(text) -%}
    cast(conv(substr(md5({{ text }}), 1, 12), 16, 10) as bigint)
{%- endmacro %}


{#
    A number of 64 bits that stands for the values of columns. Rows are joined and grouped by it several times as fast as
    by texts, when it is kept beside them. Among a million, two are the same once in 40 million builds. With another
    version of the database it may be another number, so a build by one is of everything (lib/what_changed.py).
#}
{% macro number_of_values(columns) -%}
    {{ return(adapter.dispatch('number_of_values', 'trechter')(columns)) }}
{%- endmacro %}

{% macro duckdb__number_of_values(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}

{% macro default__number_of_values(columns) -%}
    xxhash64({{ columns | join(', ') }})
{%- endmacro %}

{# The number of what a touch's credit is summed by: `dimensions` in a market, business line, month and stage. #}
{% macro credit_key(dimensions) -%}
    {{ number_of_values(['locale', 'business_line', month_of('entered_date'), 'stage'] + dimensions) }}
{%- endmacro %}

{# The number of a channel in a set of channels, of which int_channel_shares says what it gets. #}
{% macro share_key() -%}
    {{ number_of_values(['locale', 'stage', 'channel_set', 'channel']) }}
{%- endmacro %}
